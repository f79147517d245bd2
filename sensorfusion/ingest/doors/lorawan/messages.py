"""What the messages of all network servers have in common: a device, the radio, and a decoded payload."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.steps.batch import Field, Note, Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import check_count

_STRENGTH = ("rssi",)
_NOISE = ("snr", "loRaSNR", "lora_snr", "loraSnr")


@dataclass(frozen=True, slots=True)
class Device:
    """A device by its EUI, which is globally unique, and by the name that its application uses."""

    eui: str
    name: str

    @property
    def is_named(self) -> str:
        return self.eui or self.name


@dataclass(frozen=True, slots=True)
class Measured:
    """Values of one instant; None: the time of the uplink."""

    fields: Sequence[Field]
    at: object = None


def message_of(body: bytes) -> Mapping[str, object]:
    """Decode a message.

    :raises RequestRefused: unreadable.
    """
    try:
        decoded = decode_json(body)
    except NotJson as error:
        raise RequestRefused("unreadable", f"The body is not JSON: {error}.") from None
    if not isinstance(decoded, dict):
        raise RequestRefused("unreadable", "The body must be one JSON object.")
    return decoded


def part(message: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return an object in a message, an empty one if there is none."""
    found = message.get(name)
    return found if isinstance(found, dict) else {}


def text(message: Mapping[str, object], *names: str) -> str:
    """Return the first text or number under one of several spellings of a name."""
    return next((str(message[name]) for name in names if isinstance(message.get(name), str | int)), "")


def best_gateway(received: object) -> Mapping[str, object]:
    """Return the metadata of the gateway that received the device best."""
    heard = [one for one in received if isinstance(one, dict)] if isinstance(received, list) else []
    strengths = [one for one in heard if isinstance(one.get("rssi"), int | float)]
    return max(strengths, key=lambda one: float(one["rssi"]), default={})


def uplink(measured: Iterable[Measured], *, at: object, device: Device, gateway: Mapping[str, object]) -> list[Sent]:
    """Return a reading for each instant of an uplink; the signal belongs to the instant of the uplink itself.

    Values of one instant are one reading, however many parts they came in. A part without a time is of the uplink's.
    """
    together: dict[object, dict[object, Field]] = {}
    at = _instant(at)
    for each in measured:
        if each.fields:
            found = together.setdefault(at if each.at is None else _instant(each.at), {})
            for field in each.fields:
                found.setdefault(_identity(field), field)
    if not together:
        return []
    check_count(len(together))
    radio = list(_radio(gateway))
    latest = at if at in together else list(together)[-1]
    fields = {when: [*found.values(), *(radio if when == latest else ())] for when, found in together.items()}
    return [Sent({}, when, sensor=device.is_named, also=device.name, fields=each) for when, each in fields.items()]


def _identity(field: Field) -> object:
    """Return what is equal for equal fields; a value may be a list or an object, which has no hash."""
    try:
        hash(field)
    except TypeError:
        return field._replace(value=repr(field.value))
    return field


def _instant(given: object) -> object:
    """Return a time as it was sent, or as text if it is no time at all."""
    return given if given is None or isinstance(given, str | int | float) else str(given)


def not_decoded(*, port: object, device: Device, what_to_do: str) -> Ignored:
    """Return the exception for an uplink that came without decoded values."""
    came = f"An uplink on port {port} came" if isinstance(port, int) else "An uplink came"
    return Ignored(
        Note("not_understood", "decoded payload", f"{came} without decoded values. {what_to_do}"),
        sensor=device.is_named,
        also=device.name,
    )


def _radio(gateway: Mapping[str, object]) -> Iterable[Field]:
    for quantity, names in (("signal_strength", _STRENGTH), ("signal_to_noise", _NOISE)):
        value = next((gateway[name] for name in names if name in gateway), None)
        yield Field(f"radio.{names[0]}", value, quantity, which="radio")
