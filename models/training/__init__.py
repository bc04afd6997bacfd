"""Makes Cricket's models. `python -m training` in the folder models/ says how."""
