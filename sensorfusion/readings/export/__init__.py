"""Readings as files: CSV, JSON lines, Parquet, and archives of whole sites."""
