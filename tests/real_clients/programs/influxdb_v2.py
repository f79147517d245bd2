"""influxdb-client, version 2 of the interface: points in a gzipped batch, and one refused with its line."""

import json
import sys
from datetime import UTC, datetime

from influxdb_client import InfluxDBClient, Point, WritePrecision
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException

url, key, token, sensor = sys.argv[1:]
at = datetime(2026, 11, 20, 12, tzinfo=UTC)
with InfluxDBClient(url, token=key, org="any", enable_gzip=True) as client:
    assert client.ping(), "ping"
    write = client.write_api(write_options=SYNCHRONOUS)
    write.write("any", record=Point("weather").field("temperature", 21.5).field("humidity", 55).time(at))
    nanoseconds = int(at.timestamp() + 60) * 10**9  # with another precision than it says, as its callers do
    write.write("any", record=f"weather temp=22.5 {nanoseconds}", write_precision=WritePrecision.MS)
    try:
        write.write("any", record=["weather temperature=20 1795327200000000000", "weather temperature=999"])
        raise SystemExit("an impossible value was taken")
    except ApiException as refused:
        if refused.status != 400 or "line 2" not in json.loads(refused.body)["message"]:
            raise SystemExit(f"refused otherwise: {refused.body}") from None
with InfluxDBClient(url, token=token, org="any") as gateway:
    point = Point("weather").tag("sensor", sensor).field("wind_speed", 3.5).time(at)
    gateway.write_api(write_options=SYNCHRONOUS).write("any", record=point)
print(
    json.dumps([{"temperature": 21.5, "humidity": 55, "wind_speed": 3.5}, {"temperature": 22.5}, {"temperature": 20}])
)
