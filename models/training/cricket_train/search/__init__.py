"""Architectures drawn, measured by the kernel, trained briefly, and the best of them."""
