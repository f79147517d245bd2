"""The embedded PostgreSQL server: created, started, stopped, and lent to commands."""
