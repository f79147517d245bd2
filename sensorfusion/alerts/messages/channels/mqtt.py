"""MQTT: the retained state of each sensor's quantity, a `binary_sensor` of class problem for Home Assistant.

The state is the one of the moment at which it is sent, not that of the event: so a message that is tried again an hour
later does not bring back an alert that is over. It is the state of all rules on the quantity: when a critical alert
ends and the warning lasts, it says so.
"""

import json
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext

from sensorfusion.alerts.messages.channels.channel import Channel, Publish, Standing, Told, Topic
from sensorfusion.outgoing.request import mistake_in_url

DISCOVERY: Final = "homeassistant"
BASE: Final = "sensorfusion"  # the first part of topics, unless the address names another


def mistake(address: str) -> str:
    """Say what is wrong with the address of a broker; empty if nothing is."""
    if found := mistake_in_url(address, ("mqtt", "mqtts")):
        return found
    is_wrong = "#" in address or "+" in _base(address)
    return gettext("The topic must not contain + or #.") if is_wrong else ""


def request(told: Told, address: str, secret: str, at: int) -> Publish:
    user, _, password = secret.partition(":")
    if told.is_test:
        said = {"text": told.text}
        topics = [Topic(f"{_base(address)}/alerts/test", _json(said), is_retained=False)]
    else:
        topics = [each for standing in told.standing for each in _topics(standing, told, _base(address))]
    return Publish(address, user, password, tuple(topics))


def _topics(standing: Standing, told: Told, base: str) -> list[Topic]:
    place = f"{base}/alerts/{standing.sensor}/{_slug(standing.quantity)}"
    node = f"sf_alert_{_slug(base)}_{standing.sensor.replace('-', '')}"
    config = f"{DISCOVERY}/binary_sensor/{node}/{_slug(standing.quantity)}/config"
    return [
        Topic(config, _json(_config(standing, node, place, told.link))),
        Topic(place, _json(_state(standing, told))),
    ]


def _state(standing: Standing, told: Told) -> dict[str, Any]:
    if not standing.lasting:
        return {"state": "OFF", "severity": told.severity, "text": told.text, "alerts": []}
    alerts = [{"severity": each.severity, "text": each.text} for each in standing.lasting]
    text = "\n".join(each.text for each in standing.lasting)
    return {"state": "ON", "severity": standing.lasting[0].severity, "text": text, "alerts": alerts}


def _config(standing: Standing, node: str, place: str, link: str) -> dict[str, Any]:
    return {
        "name": f"{standing.label} alert",
        "unique_id": f"{node}_{_slug(standing.quantity)}",
        "device_class": "problem",
        "state_topic": place,
        "value_template": "{{ value_json.state }}",
        "json_attributes_topic": place,
        "device": {
            "identifiers": [node],
            "name": standing.sensor_name,
            "manufacturer": "SensorFusion",
            "suggested_area": standing.site,
            "configuration_url": link,
        },
        "origin": {"name": "SensorFusion"},
    }


def _base(address: str) -> str:
    return urlsplit(address).path.strip("/") or BASE


def _slug(name: str) -> str:
    """Write a name with the signs that discovery allows; different names stay different, as `level.a` and `level_a`."""
    plain = (sign if (sign.isascii() and sign.isalnum()) or sign == "_" else f"-{ord(sign):x}-" for sign in name)
    return "".join(plain) or "-any-"


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


CHANNEL: Final = Channel(
    kind="mqtt",
    label="MQTT",
    address_help="Such as mqtts://broker.example.org. A path is the first part of the topics.",
    secret_help="User and password, as user:password, if the broker asks for them.",
    makes_secret=False,
    mistake=mistake,
    request=request,
    is_read=False,
)
