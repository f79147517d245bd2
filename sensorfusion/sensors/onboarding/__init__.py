"""Connecting a new device: instructions with the real URL, and client files."""
