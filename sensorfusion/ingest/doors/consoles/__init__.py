"""Doors of weather consoles: one declaration per protocol, one shared implementation."""
