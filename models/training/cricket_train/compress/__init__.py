"""The ways to make one network smaller, side by side."""
