"""Builders of what adapters return: fields named alike in all adapters, and notes about what could not be read."""

from collections.abc import Iterable
from typing import Any

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.quantities.names import fold
from sensorfusion.ingest.mqtt.adapters.adapter import Found
from sensorfusion.ingest.mqtt.adapters.json_payloads import Leaf, snake
from sensorfusion.ingest.mqtt.adapters.times import device_time
from sensorfusion.ingest.steps.batch import Field, Note, Sent
from sensorfusion.ingest.steps.refused import RequestRefused

# A DS18B20 that does not answer: the usual library returns DEVICE_DISCONNECTED_C. 85 °C, its value after power-on, is
# kept: boilers and collectors have 85 °C too, and no message says which it is.
DISCONNECTED_C = -127.0
MOST_FIELDS = 2_000  # in one message; 500 quantities of a reading can be stored
_SHOWN = 80  # characters of a value in a note


def found(
    device: str, fields: Iterable[Field], observed_at: object = None, *, notes: Iterable[Note] = (), topic: str = ""
) -> Found:
    """Return a device's reading; one without any value becomes a note.

    `observed_at` is the time as the device wrote it; one that cannot be read does not cost the values.

    :raises RequestRefused: too_large.
    """
    present = tuple(_labelled(field) for field in fields if field.value is not None)
    if len(present) > MOST_FIELDS:
        raise RequestRefused("too_large", f"A message of one device holds more than {MOST_FIELDS:,} values.")
    said = tuple(notes)
    if present:
        at = device_time(observed_at)
        is_doubtful = at is None and observed_at not in (None, "")
        return Found(device, [Sent({}, at, fields=present, notes=said, is_time_doubtful=is_doubtful)])
    return Found(
        device, notes=said or [Note("no_values", topic or device, "The message holds no value, or only missing ones.")]
    )


def _labelled(field: Field) -> Field:
    """Move the unit of a quantity that has none of its own to the label, so that a number never loses it."""
    if not field.unit or known_quantity(field.quantity):
        return field
    return field._replace(unit="", label=f"{field.label or field.source} ({field.unit})")


def own_name(*parts: str) -> str:
    """Return the name of a quantity that is not in the catalogue, from a device's names."""
    text = "_".join(parts)
    return fold(snake(text if text.isascii() else fold(text)))


def numbered(quantity: str, number: int) -> str:
    """Return the name of the n-th source of its kind: power, power_2, power_3."""
    return quantity if number < 2 else f"{quantity}_{number}"


def unread(leaf: Leaf) -> Note:
    """Return the note about a list or an object that is nested too deeply."""
    subject = ".".join(leaf.path)
    what = "a list" if isinstance(leaf.value, list) else "an object"
    return not_understood(subject, leaf.value, f"{subject} is {what}")


def not_understood(subject: str, value: Any, claim: str = "") -> Note:
    text = str(value)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return Note(
        "not_understood",
        subject,
        f"{claim or f'{subject} is not known'} and was not stored: {shown}. If it holds a measurement, report it.",
    )


def unknown_topic(topic: str, program: str) -> Note:
    return Note(
        "unknown_topic",
        topic,
        f"No message of {program} is known at {topic}; it was not stored. docs/doors/mqtt.md lists what is read.",
    )


def connected(value: Any) -> Any:
    """Return a temperature of a one-wire probe, None if it is not connected."""
    return None if value in (DISCONNECTED_C, "-127", "-127.0", "-127.00") else value
