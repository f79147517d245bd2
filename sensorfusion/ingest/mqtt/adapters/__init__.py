"""What devices and programs publish over MQTT, one file per convention: topic and payload in, devices and readings out.

Every adapter is pure. A new one is a file here and a name in `catalogue.py`.
"""
