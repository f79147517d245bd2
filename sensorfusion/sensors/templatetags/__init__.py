"""Template tags of the pages of sensors."""
