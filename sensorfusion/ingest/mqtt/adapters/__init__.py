"""Adapters for the MQTT conventions of devices and programs: topic and payload in, devices and readings out.

Every adapter is a pure function in a file of its own. A new one needs its file and an entry in `catalogue.py`.
"""
