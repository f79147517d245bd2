"""Devices that register themselves, and the attributes they read."""
