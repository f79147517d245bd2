"""A device's own names, and the quantities they stand for."""
