"""Webhooks of LoRaWAN network servers: The Things Stack v3, and ChirpStack v4 and v3."""
