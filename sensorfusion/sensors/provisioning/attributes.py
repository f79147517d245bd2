"""A sensor's attributes: those that its device reports (written at the doors), and those that people set for it."""

from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Attributes, Sensor
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.web.values.numbers import localised

Scalar = str | int | float | bool | None

MOST = 100
LONGEST_NAME, LONGEST_TEXT = 64, 1_000


def attributes_of(*, sensor: Sensor) -> Attributes:
    """Return the sensor's attributes, unsaved and empty if there are none."""
    return Attributes.objects.filter(sensor=sensor).first() or Attributes(sensor=sensor)


@transaction.atomic
def set_shared(*, by: Operator, sensor: Sensor, shared: object) -> Attributes:
    """Replace the attributes that the device may read: names with text, numbers, booleans or null.

    :raises Refusal: `not_allowed` or `bad_attributes`.
    """
    require_editor(by=by, site=sensor.site)
    attributes, _ = Attributes.objects.update_or_create(sensor=sensor, defaults={"shared": _checked(shared)})
    return attributes


def from_text(text: str) -> dict[str, Scalar]:
    """Parse `name = value`, one per line; integers, true and false become typed values.

    :raises Refusal: `bad_attributes`, naming the line.
    """
    shared: dict[str, Scalar] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = line.partition("=")
        if line.strip() and (not equals or not name.strip()):
            raise _bad(gettext("Line {number} is not name = value.").format(number=number))
        if line.strip():
            shared[name.strip()] = _scalar(value.strip())
    return shared


def to_text(shared: dict[str, Scalar]) -> str:
    """Format attributes as editable text."""
    return "\n".join(f"{name} = {_written(value)}" for name, value in shared.items())


def cells(line: str) -> tuple[str, str]:
    """Split a line of the text into name and value."""
    name, _, value = line.partition("=")
    return name.strip(), value.strip()


def _written(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _scalar(text: str) -> Scalar:
    if text in ("true", "false"):
        return text == "true"
    try:
        return int(text) if text.lstrip("-").isdecimal() and len(text) < 19 else text
    except ValueError:
        return text


def _checked(shared: object) -> dict[str, Scalar]:
    if not isinstance(shared, dict) or len(shared) > MOST:
        raise _bad(gettext("Give at most {most} names, each with a value.").format(most=MOST))
    for name, value in shared.items():
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not _fits(value):
            said = gettext(
                "Names have 1 to {name} characters; values are numbers, true, false, or text of at most {text} "
                "characters."
            )
            raise _bad(said.format(name=LONGEST_NAME, text=localised(f"{LONGEST_TEXT:,}")))
    return shared


def _fits(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and "\0" not in value
    return value is None or isinstance(value, bool | int | float)


def _bad(detail: str) -> Refusal:
    return Refusal("bad_attributes", detail, field="shared")
