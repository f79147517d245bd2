"""Exports as jobs: files that are written in the background, kept for some days, and offered to who asked for them."""
