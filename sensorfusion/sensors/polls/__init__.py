"""Devices that are polled: what is asked, how often, with which headers."""
