"""senml: packs that the library writes."""

import json
import sys
from urllib.request import Request, urlopen

from senml import SenMLDocument, SenMLMeasurement

url, key, token, sensor = sys.argv[1:]
base = SenMLMeasurement(name=f"urn:dev:ow:{sensor}:", time=1795327200.0)
document = SenMLDocument(
    [SenMLMeasurement(name="temp", unit="Cel", value=21.5), SenMLMeasurement(name="hum", unit="%RH", value=55.0)],
    base=base,
)
for address in ("/api/v1/senml", "/api/v1/readings"):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/senml+json"}
    with urlopen(Request(url + address, json.dumps(document.to_json()).encode(), headers)) as answer:
        assert answer.status == 200
print(json.dumps([{"temperature": 21.5, "humidity": 55.0}]))
