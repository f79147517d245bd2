"""Readings that come by an MQTT broker: the connection, whose they are, how they are stored and then acknowledged."""
