"""Polling of devices and services that only answer requests, each at its own interval."""
