"""thingspeak: updates a channel, and reads the entry's number."""

import json
import sys

from thingspeak import Channel

url, key, token, sensor = sys.argv[1:]
said = Channel(1, api_key=key, server_url=url).update({"field1": 21.5, "field2": 60})
assert json.loads(said)["entry_id"] == 1, said
print(json.dumps([{"field1": 21.5, "field2": 60}]))
