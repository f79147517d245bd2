"""tb-mqtt-client's gateway: telemetry of two devices, with QoS 1."""

import sys
import time

from tb_gateway_mqtt import TBGatewayMqttClient

port, user, password = sys.argv[1:]
gateway = TBGatewayMqttClient("127.0.0.1", int(port), user, password)
gateway.connect()
deadline = time.monotonic() + 10
while not gateway.is_connected():
    assert time.monotonic() < deadline, "the gateway did not connect"
    time.sleep(0.1)
for device, temperature in (("Shed", 18.5), ("Cellar", 9.5)):
    telemetry = {"ts": 1_795_168_800_000, "values": {"temperature": temperature, "humidity": "58"}}
    sent = gateway.gw_send_telemetry(device, telemetry)
    assert sent.get() == 0, f"the gateway said {sent.get()}"
gateway.disconnect()
