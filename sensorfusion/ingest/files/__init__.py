"""Readings from files: every kind of file as rows, what the rows mean, and an import that can be interrupted."""
