"""aioecowitt, by which Home Assistant reads gateways: what it makes of a gateway's upload is what we store.

It only receives, so the upload is posted by us; the conversions are its own.
"""

import json
import subprocess
import urllib.request

from tests.real_clients.installation import Installation, Wrong, environment

PACKAGE = "aioecowitt==2025.3.1"
UPLOAD = (
    "PASSKEY=34271334ED1FADA6D8B988B14267E55D&stationtype=GW2000A_V3.1.5&runtime=1574073&heap=156456"
    "&dateutc=2026-10-03+19%3A42%3A19&tempinf=71.78&humidityin=59&baromrelin=30.035&baromabsin=29.394&tempf=51.44"
    "&humidity=76&winddir=181&windspeedmph=1.79&windgustmph=4.25&maxdailygust=12.75&solarradiation=12.5&uv=1"
    "&rainratein=0.1&hourlyrainin=0.02&dailyrainin=0.2&weeklyrainin=0.5&monthlyrainin=1.5&yearlyrainin=23.264"
    "&temp1f=66.2&humidity1=48&tf_ch1=55.4&soilmoisture1=33&pm25_ch1=7.5&co2=612&lightning=12&lightning_num=3"
    "&wh65batt=0&wh57batt=4&soilbatt1=1.5&freq=868M&model=GW2000A"
)
# Our quantity, its name for it, from its unit to ours. It takes 33.86 hPa for an inch of mercury, hence the tolerance.
SAME = {
    "temperature": ("tempc", 1.0),
    "indoor_temperature": ("tempinc", 1.0),
    "temperature_1": ("temp1c", 1.0),
    "soil_temperature": ("tf_ch1c", 1.0),
    "humidity": ("humidity", 1.0),
    "humidity_1": ("humidity1", 1.0),
    "pressure": ("baromabshpa", 1.0),
    "sea_level_pressure": ("baromrelhpa", 1.0),
    "wind_speed": ("windspeedkmh", 1 / 3.6),
    "wind_gust": ("windgustkmh", 1 / 3.6),
    "wind_gust_day": ("maxdailygustkmh", 1 / 3.6),
    "wind_direction": ("winddir", 1.0),
    "rain_rate": ("rainratemm", 1.0),
    "rain_1h": ("hourlyrainmm", 1.0),
    "rain_day": ("dailyrainmm", 1.0),
    "rain_year": ("yearlyrainmm", 1.0),
    "soil_moisture": ("soilmoisture1", 1.0),
    "pm2_5": ("pm25_ch1", 1.0),
    "co2": ("co2", 1.0),
    "lightning_distance": ("lightning", 1.0),
    "lightning_count_day": ("lightning_num", 1.0),
    "solar_radiation": ("solarradiation", 1.0),
    "uv_index": ("uv", 1.0),
}
TOLERANCE = 0.012  # of the value: it rounds to one or two decimals
READ = """
import json, sys
from urllib.parse import parse_qsl
from aioecowitt.server import EcoWittListener
listener = EcoWittListener()
listener.process_data(dict(parse_qsl(sys.stdin.read())))
print(json.dumps({sensor.key: str(sensor.value) for sensor in listener.sensors.values()}))
"""


def check(installation: Installation) -> list[str]:
    """Compare what it and we make of one upload.

    :raises Wrong: when they differ.
    """
    station = installation.station("Ecowitt gateway")
    request = urllib.request.Request(f"{installation.url}/data/report/{station.key}/", UPLOAD.encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        if answer.read() != b"OK\n":
            raise Wrong("The gateway's upload was not answered OK.")
    ours, theirs = installation.latest(station), _read()
    for quantity, (name, factor) in SAME.items():
        expected = float(theirs[name]) * factor
        if abs(float(ours[quantity]) - expected) > max(0.06, abs(expected) * TOLERANCE):
            raise Wrong(f"{quantity} is {ours[quantity]} here, and aioecowitt says {name} = {theirs[name]}.")
    return [f"Ecowitt: {len(SAME)} quantities are the same as aioecowitt's; {len(ours)} are stored"]


def _read() -> dict[str, str]:
    python = environment("ecowitt", PACKAGE) / "python"
    done = subprocess.run([python, "-c", READ], input=UPLOAD, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found
