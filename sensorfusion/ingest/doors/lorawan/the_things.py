"""Uplinks of The Things Stack v3.

A normalized payload, which the stack makes for devices of its repository, is preferred to the decoded one.
"""

from collections.abc import Iterator, Mapping, Sequence

from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.doors.lorawan.decoded import measured_in
from sensorfusion.ingest.doors.lorawan.messages import (
    Device,
    Measured,
    best_gateway,
    message_of,
    not_decoded,
    part,
    text,
    uplink,
)
from sensorfusion.ingest.doors.payloads import leaves
from sensorfusion.ingest.steps.batch import Field, Meaning, Sent, Vocabulary
from sensorfusion.ingest.steps.naming import fields_of, folded

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
_TO_DO = "In The Things Stack, choose a payload formatter for the device: Payload formatters, Uplink."


def decode_the_things(body: bytes) -> Sequence[Sent]:
    """Decode an uplink of The Things Stack.

    :raises RequestRefused: unreadable.
    :raises Ignored: any other message, and an uplink without a decoded payload.
    """
    message = message_of(body)
    said = part(message, "uplink_message") or part(message, "uplink_normalized")
    if not said:
        raise Ignored
    ids = part(message, "end_device_ids")
    device = Device(text(ids, "dev_eui"), text(ids, "device_id"))
    at = said.get("received_at") or message.get("received_at")
    sent = uplink(_measured(said), at=at, device=device, gateway=best_gateway(said.get("rx_metadata")))
    if not sent and not said.get("frm_payload"):
        raise Ignored  # an empty frame, as devices send for the network's own commands
    if not sent:
        raise not_decoded(port=said.get("f_port"), device=device, what_to_do=_TO_DO)
    return sent


def _measured(said: Mapping[str, object]) -> Iterator[Measured]:
    normalized = said.get("normalized_payload")
    elements = [one for one in (normalized if isinstance(normalized, list) else [normalized]) if isinstance(one, dict)]
    if not any(elements):
        yield from measured_in(said.get("decoded_payload"))
    for one in elements:
        yield Measured(list(_fields(one)), one.get("time"))


def _fields(one: Mapping[str, object]) -> Iterator[Field]:
    """Yield the fields of one element; those of soil are told apart by its depth in centimetres."""
    depth = part(one, "soil").get("depth")
    for field in fields_of(leaves({name: value for name, value in one.items() if name != "time"}), NORMALIZED):
        if not isinstance(depth, int | float) or not field.source.startswith("soil."):
            yield field
        elif folded(field.source) != "soildepth":
            yield field._replace(
                source=f"{field.source} at {depth:g} cm",
                which=f"{depth:g}cm",
                rank=_rank(depth),
                label=_label(field, depth),
            )


def _rank(depth: float) -> int:
    """Rank a depth so that the shallowest probe is the main one."""
    return int(max(min(depth, 1e4), 0) * 10)


def _label(field: Field, depth: float) -> str:
    return f"{field.label or field.source} at {depth:g} cm" if not field.quantity else ""
