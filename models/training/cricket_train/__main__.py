"""`python -m cricket_train` is `cricket-train`."""

from .cli import main

main()
