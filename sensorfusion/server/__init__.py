"""One server process: ASGI application, URLs, health, chores and the MQTT worker."""
