"""Kiosk: a sensor on a wall, scaled to the screen, and the next one after some seconds."""
