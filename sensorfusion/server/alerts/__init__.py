"""What one process does for alerts beside its requests."""
