"""Rows of one file that name the same instant and differ."""
