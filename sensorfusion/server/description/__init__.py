"""Describes doors and probes in docs/openapi.yaml, from the table by which the application routes them."""
