"""Template tags of shared pages."""
