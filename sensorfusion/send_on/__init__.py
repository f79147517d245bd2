"""Sends the readings of sensors on to the networks that people share them with."""
