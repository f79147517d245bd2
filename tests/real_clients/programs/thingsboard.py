"""tb-mqtt-client's HTTP device: the connection test, telemetry, attributes both ways."""

import json
import sys
from datetime import datetime

from tb_device_http import TBHTTPDevice

url, key, token, sensor = sys.argv[1:]
device = TBHTTPDevice(url, key)
assert device.test_connection(), "the connection test failed"
device.send_telemetry({"temperature": 18.5, "humidity": "58", "mode": "eco"}, datetime(2026, 11, 20, 12), queued=False)
device.send_attributes({"firmware": "1.2"})
assert device.request_attributes(client_keys=["firmware"])["client"]["firmware"] == "1.2"
assert not TBHTTPDevice(url, "wrong").test_connection(), "a wrong token was taken"
print(json.dumps([{"temperature": 18.5, "humidity": 58, "mode": "eco"}]))
