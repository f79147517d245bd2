"""Screens: a television shows a code; an operator enters it, and chooses what the screen shows, by a link."""
