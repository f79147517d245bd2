"""Preparations before the server starts: the database, its tables, and static files."""
