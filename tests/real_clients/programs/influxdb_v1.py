"""influxdb, version 1 of the interface: makes its database first, as Telegraf's first output does."""

import json
import sys
from urllib.parse import urlsplit

from influxdb import InfluxDBClient

url, key, token, sensor = sys.argv[1:]
where = urlsplit(url)
client = InfluxDBClient(where.hostname, where.port, "anybody", key, "sensors", gzip=True)
assert client.ping(), "ping"
client.create_database("sensors")
fields = {"temp": 19.5, "hum": 61, "note": 'a "quoted" word', "ok": True}
client.write_points([{"measurement": "garden", "time": "2026-11-20T12:00:00Z", "fields": fields}])
print(json.dumps([{"temperature": 19.5, "humidity": 61, "garden.note": 'a "quoted" word', "garden.ok": True}]))
