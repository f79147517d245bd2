"""The details of notices and refused values in the reader's language: they are stored, and sent to devices, in English.

A detail is made where something was refused, long before someone reads it. These are the sentences that they are made
of; the first that fits gives the values. A detail of none of them stays as it is.
"""

from typing import Final

from sensorfusion.domain.texts.translation import gettext, gettext_noop, translated

# Of single values, by `domain.normalise`, `domain.numerals` and `domain.units`.
VALUES: Final = (
    gettext_noop("{value} (sent as {sent}) is below the lowest possible {quantity} of {limit}"),
    gettext_noop("{value} (sent as {sent}) is above the highest possible {quantity} of {limit}"),
    gettext_noop("{value} is below the lowest possible {quantity} of {limit}"),
    gettext_noop("{value} is above the highest possible {quantity} of {limit}"),
    gettext_noop("the value (sent as {sent}) is too large to be kept"),
    gettext_noop("the value is too large to be kept"),
    gettext_noop("{value} is not a number that can be kept"),
    gettext_noop("{value} is not a number"),
    gettext_noop("{value} is neither true nor false"),
    gettext_noop("{value} may be {one} or {other}: write a point"),
    gettext_noop("{count} characters are more than {most}"),
    gettext_noop("{value} holds NUL or half a character, which cannot be stored"),
    gettext_noop("the unit {unit} is not known"),
    gettext_noop("the unit {unit} is not text"),
    gettext_noop("{quantity} is kept in {unit}: {given} is a unit of {dimension}, {wanted} of {other}"),
    gettext_noop("{value} is not text"),
    gettext_noop("{name} means {quantity}, which this reading has already"),
    gettext_noop("{name} stands for a quantity that this reading already has"),
    gettext_noop("put {name} inside values, or leave it out"),
    gettext_noop(
        "{name} is {other} here and {first} before in the same reading, which is kept: give each its own time, or its "
        "own name"
    ),
    gettext_noop(
        "{name} is {other} here and {first} in reading {number}, at the same instant, which is kept: give each its own "
        "time, or its own name"
    ),
    gettext_noop("of {count} quantities in one reading the first {most} are kept; {others} are left out: {names}"),
    gettext_noop("the reading has no values"),
    gettext_noop("a reading is an object of quantities and their values"),
)
# Of the time of a reading, by `ingest.steps.instants`.
TIMES: Final = (
    gettext_noop("{time} is the time of a clock that was not set"),
    gettext_noop("{time} is outside the calendar"),
    gettext_noop("{time} is more than {days} days ahead of the server's clock"),
    gettext_noop("{time} is before {year}"),
    gettext_noop("the time is neither text nor a number"),
    gettext_noop("{time} has no time zone: end it with Z or an offset such as +01:00"),
    gettext_noop("{time} is not a time: send RFC 3339 such as 2026-11-22T06:00:00Z"),
)
# Of messages, for the owners of sensors and sites.
MESSAGES: Final = (
    gettext_noop(
        "The device's clock is {count} minutes ahead. Its readings are kept and flagged, but not shown as the newest. "
        "Set the clock of the device, and its time zone."
    ),
    gettext_noop(
        "The device's clock is {count} hours ahead. Its readings are kept and flagged, but not shown as the newest. "
        "Set the clock of the device, and its time zone."
    ),
    gettext_noop(
        "The device's clock is {count} days ahead. Its readings are kept and flagged, but not shown as the newest. "
        "Set the clock of the device, and its time zone."
    ),
    gettext_noop("It sent an unreadable time: its clock is not set. Readings are dated at their arrival."),
    gettext_noop("It sent {time}: its clock is not set. Readings are dated at their arrival."),
    gettext_noop(
        "Did you mean {quantity}? Values of {name} are kept under this name, in no known unit. Correct the name in the "
        "device, or say on the page of the device's names what it stands for."
    ),
    gettext_noop(
        "No sensor of the site is known elsewhere by this name, which publishes to {topic}. Register one, or enter the "
        "name under Known elsewhere as in the names of an existing one."
    ),
    gettext_noop(
        "Messages to this topic are not read: no known kind of device publishes there. Let the device publish to one "
        "of the topics that are read, or to the topic of its sensor."
    ),
    gettext_noop(
        "No message of {program} is known at {topic}; it was not stored. docs/doors/mqtt.md lists what is read."
    ),
    gettext_noop("{name} is a list and was not stored: {value}. If it holds a measurement, report it."),
    gettext_noop("{name} is an object and was not stored: {value}. If it holds a measurement, report it."),
    gettext_noop("{name} is not known and was not stored: {value}. If it holds a measurement, report it."),
    gettext_noop("The message holds no value, or only missing ones."),
    gettext_noop("The gateway sent no readings of this device."),
    gettext_noop("ChirpStack reports an error, of no kind: {text}. See the device's events there."),
    gettext_noop("ChirpStack reports an error, {code}: {text}. See the device's events there."),
    gettext_noop("{used} of {limit} are used."),
)
_ALL: Final = (*VALUES, *TIMES, *MESSAGES)


def detail_in_words(text: str) -> str:
    """Translate the detail of a notice or of a refused value; the sentence of an error code is a text of its own."""
    same = gettext(text)
    return same if same != text else translated(text, _ALL)
