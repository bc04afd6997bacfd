"""TensorFlow's converter writes a page to stderr for each model, from C++ and Python alike; nobody reads it."""

import contextlib
import os
import sys
import warnings


@contextlib.contextmanager
def quietly():
    """Within it stderr goes nowhere, that of C++ too; exceptions come through as ever."""
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
