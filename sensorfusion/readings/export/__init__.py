"""Readings as files: CSV, NDJSON, Parquet, and archives of whole sites."""
