"""The embedded PostgreSQL server: created, started, stopped, and shared with commands; what any server must offer."""
