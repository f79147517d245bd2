"""Rollups: a cache of the readings per 5 minutes, hour, day and month."""
