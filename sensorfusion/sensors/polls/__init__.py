"""Devices that are polled: URL, interval, headers."""
