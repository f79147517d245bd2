"""Webhooks of LoRaWAN network servers: The Things Stack v3 and ChirpStack v4.

The device's decoded payload is flattened with dots. Events without measurements are acknowledged and ignored. So are
unusable values in other events, because these servers stop sending for all devices after repeated errors.
"""

from collections.abc import Mapping, Sequence

from sensorfusion.ingest.doors.answers import refusal, say
from sensorfusion.ingest.doors.credentials import fields_of, from_header
from sensorfusion.ingest.doors.door import Answer, Ignored, Request
from sensorfusion.ingest.doors.payloads import NAMES, flatten
from sensorfusion.ingest.steps.batch import Meaning, Sent, Vocabulary
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused

# The normalized payload of The Things Stack, with its documented names and units.
NORMALIZED: Vocabulary = {
    "airtemperature": Meaning("temperature", "Cel"),
    "airrelativehumidity": Meaning("humidity", "%"),
    "airpressure": Meaning("pressure", "hPa"),
    "airco2": Meaning("co2", "ppm"),
    "airlightintensity": Meaning("illuminance", "lx"),
    "windspeed": Meaning("wind_speed", "m/s"),
    "winddirection": Meaning("wind_direction", "deg"),
    "rainintensity": Meaning("rain_rate", "mm/h"),
    "raincumulative": Meaning("rain_total", "mm"),
    "soiltemperature": Meaning("soil_temperature", "Cel"),
    "soilmoisture": Meaning("soil_moisture", "%"),
    "battery": Meaning("battery_voltage", "V"),
}
_RADIO = ("rssi", "snr")


class _Webhook:
    """Common code of both webhooks."""

    methods = ("POST",)

    def credential(self, request: Request) -> str:
        return from_header(request) or request.named.get("key") or ""

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        return say(200, receipt)

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        return say(200, refused.receipt) if refused.receipt else refusal(refused)


class TheThings(_Webhook):
    """The Things Stack v3, including The Things Network; all its messages use one address and differ in content."""

    def decode(self, request: Request) -> Sequence[Sent]:
        return decode_the_things(request.body)


class ChirpStack(_Webhook):
    """ChirpStack v4; the query `?event=up` marks an uplink."""

    def decode(self, request: Request) -> Sequence[Sent]:
        if fields_of(request.query).get("event", "up") != "up":
            raise Ignored
        return decode_chirpstack(request.body)


def decode_the_things(body: bytes) -> Sequence[Sent]:
    """Decode an uplink of The Things Stack.

    :raises RequestRefused: unreadable.
    :raises Ignored: any other message, and an uplink without a decoded payload.
    """
    message = _object(body)
    uplink = _part(message, "uplink_message") or _part(message, "uplink_normalized")
    normalized = uplink.get("normalized_payload")
    values, names = (normalized, NORMALIZED) if normalized else (uplink.get("decoded_payload"), NAMES)
    at = _normalized_time(normalized) or _received_at(uplink, message)
    ids = _part(message, "end_device_ids")
    device = (_text(ids, "dev_eui"), _text(ids, "device_id"))
    return _uplink(values, names, at, device=device, radio=uplink.get("rx_metadata"))


def decode_chirpstack(body: bytes) -> Sequence[Sent]:
    """Decode an uplink of ChirpStack.

    :raises RequestRefused: unreadable.
    :raises Ignored: an uplink without a decoded payload.
    """
    message = _object(body)
    info = _part(message, "deviceInfo")
    device = (_text(info, "devEui"), _text(info, "deviceName"))
    return _uplink(message.get("object"), NAMES, message.get("time"), device=device, radio=message.get("rxInfo"))


def _object(body: bytes) -> Mapping[str, object]:
    try:
        decoded = decode_json(body)
    except NotJson as error:
        raise RequestRefused("unreadable", f"The body is not JSON: {error}.") from None
    if not isinstance(decoded, dict):
        raise RequestRefused("unreadable", "The body must be one JSON object.")
    return decoded


def _part(message: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = message.get(name)
    return part if isinstance(part, dict) else {}


def _text(part: Mapping[str, object], name: str) -> str:
    return str(part.get(name) or "")


def _received_at(uplink: Mapping[str, object], message: Mapping[str, object]) -> object:
    return uplink.get("received_at") or message.get("received_at")


def _normalized_time(normalized: object) -> object:
    first = normalized[0] if isinstance(normalized, list) and normalized else normalized
    return first.get("time") if isinstance(first, dict) else None


def _uplink(values: object, names: Vocabulary, at: object, *, device: tuple[str, str], radio: object) -> Sequence[Sent]:
    """Convert a payload to readings: one, or one per element of a list of measurements.

    `device` holds its EUI, which is globally unique, and the name that its application uses.
    """
    found = [one for one in (values if isinstance(values, list) else [values]) if isinstance(one, dict) and one]
    if not found:
        raise Ignored
    received = _radio(radio)
    return [
        Sent(
            {**received, **flatten({name: value for name, value in one.items() if name != "time"})},
            one.get("time", at) if names is NORMALIZED else at,
            sensor=device[0] or device[1],
            also=device[1],
            names=names,
        )
        for one in found
    ]


def _radio(received: object) -> dict[str, object]:
    """Return RSSI and SNR of the gateway that received the device best."""
    heard = [one for one in received if isinstance(one, dict)] if isinstance(received, list) else []
    strengths = [one for one in heard if isinstance(one.get("rssi"), int | float)]
    best = max(strengths, key=lambda one: float(one["rssi"]), default={})
    return {name: best[name] for name in _RADIO if name in best}
