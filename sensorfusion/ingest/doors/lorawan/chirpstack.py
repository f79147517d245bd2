"""Uplinks of ChirpStack v4, and of v3 in both of its JSON forms.

In v3 the names stand at the top; the decoded object is text in `objectJSON`, with the EUI in base64, or an object as it
is, with the EUI in hexadecimal.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence

from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.doors.lorawan.decoded import measured_in
from sensorfusion.ingest.doors.lorawan.messages import Device, best_gateway, message_of, not_decoded, part, text, uplink
from sensorfusion.ingest.steps.batch import Note, Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json

_EUI_BYTES = 8
_TO_DO = "In ChirpStack, add a codec to the device profile (v3: to the device profile or the application)."


def decode_chirpstack(body: bytes, *, event: str = "up") -> Sequence[Sent]:
    """Decode an uplink of ChirpStack.

    :raises RequestRefused: unreadable.
    :raises Ignored: any other event, and an uplink without a decoded payload.
    """
    if event in ("log", "error"):
        raise _reported(message_of(body))
    if event != "up":
        raise Ignored
    message = message_of(body)
    device = _device(message)
    gateway = best_gateway(message.get("rxInfo"))
    at = message.get("time") or message.get("publishedAt") or gateway.get("time") or gateway.get("nsTime")
    sent = uplink(measured_in(_object(message)), at=at, device=device, gateway=gateway)
    if not sent and not message.get("data"):
        raise Ignored  # an empty frame, as devices send for the network's own commands
    if not sent:
        raise not_decoded(port=message.get("fPort"), device=device, what_to_do=_TO_DO)
    return sent


def _device(message: Mapping[str, object]) -> Device:
    """Return the device, from the part that v4 has for it or from the top."""
    info = part(message, "deviceInfo") or message
    return Device(_eui(text(info, "devEui", "devEUI", "dev_eui")), text(info, "deviceName", "device_name"))


def _eui(given: str) -> str:
    """Return an EUI in hexadecimal digits; v3 may send it in base64."""
    try:
        decoded = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return given
    return decoded.hex() if len(decoded) == _EUI_BYTES else given


def _object(message: Mapping[str, object]) -> object:
    said = next((message[name] for name in ("object", "objectJSON", "objectJson") if message.get(name)), None)
    if not isinstance(said, str):
        return said
    try:
        return decode_json(said.encode(errors="replace"))
    except NotJson:
        return None


def _reported(message: Mapping[str, object]) -> Ignored:
    """Return the exception for a report of ChirpStack, with a notice if it is of an error, such as one of the codec."""
    device = _device(message)
    level, code = text(message, "level"), text(message, "code", "type")
    said = text(message, "description", "error")
    if level not in ("", "ERROR") or not said:
        return Ignored()
    detail = f"ChirpStack reports an error, {code or 'of no kind'}: {said[:300]}. See the device's events there."
    return Ignored(Note("not_understood", code or "error", detail), sensor=device.is_named, also=device.name)
