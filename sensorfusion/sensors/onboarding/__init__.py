"""Connecting a new device: instructions with the real address, and client files."""
