"""Readings that editors exclude from figures, and restore."""
