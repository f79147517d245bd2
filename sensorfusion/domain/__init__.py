"""Measurement knowledge in plain Python: no framework, no input or output, no clock."""
