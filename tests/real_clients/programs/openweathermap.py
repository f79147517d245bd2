"""pyowm: registers a station, finds, renames and deletes it, and sends measurements for ours."""

import json
import sys
from time import time

from pyowm import OWM
from pyowm.stationsapi30.measurement import Measurement

url, key, token, sensor = sys.argv[1:]
manager = OWM(token).stations_manager()
manager.http_client.root_uri = url.removeprefix("http://") + "/data/3.0"
manager.http_client.admits_subdomains = False
manager.http_client.config["connection"]["use_ssl"] = False

station = manager.create_station("SF_TEST001", "San Francisco test station", 37.76, -122.43, 150)
assert station.external_id == "SF_TEST001", station
assert station.id in [each.id for each in manager.get_stations()]
station.name = "Renamed"
manager.update_station(station)
assert manager.get_station(station.id).name == "Renamed"
manager.delete_station(station)
at = int(time()) - 60
manager.send_measurement(
    Measurement(sensor, at, temperature=18.7, wind_speed=1.2, pressure=1021, humidity=87, rain_1h=2)
)
print(json.dumps([{"temperature": 18.7, "wind_speed": 1.2, "pressure": 1021, "humidity": 87, "rain_1h": 2}]))
