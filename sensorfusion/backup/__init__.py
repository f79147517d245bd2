"""Backup and restore: one archive of the database and the data directory."""
