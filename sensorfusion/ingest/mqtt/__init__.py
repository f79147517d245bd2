"""Readings from an MQTT broker: connection, routing of topics to sensors, storing, and then acknowledging."""
