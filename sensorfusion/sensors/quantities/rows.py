"""The rows of the page of a sensor's quantities, and what was typed into them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import get_language, gettext, ngettext, pgettext

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.quantities.kinds import KINDS, kind_of
from sensorfusion.domain.quantities.settings import QuantitySettings, in_order
from sensorfusion.domain.units import display_symbol
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.presentation import Presentation

_COLOUR_SLOTS: Final = range(1, 9)
_DECIMALS, _DIGITS = range(7), range(2, 7)
_SIGNIFICANT: Final = 9  # digits of a limit: converted to the reader's unit and back it stays the same


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity as its inputs show it; `sample` is its newest value as it is shown now."""

    quantity: str
    label: str
    hue: str
    sample: str
    unit: str
    texts: Mapping[str, str]


def colour_names() -> dict[str, str]:
    """Return the colours to choose from. Slots first: colours with a meaning are for the quantities that have it."""
    return {
        **{f"s{number}": gettext("Colour {number}").format(number=number) for number in _COLOUR_SLOTS},
        "temp": gettext("Temperature"),
        "dew": gettext("Dew point"),
        "hum": gettext("Humidity"),
        "pres": gettext("Pressure"),
        "wind": gettext("Wind"),
        "gust": gettext("Gusts"),
        "rain": gettext("Rain"),
        "sun": gettext("Sun"),
        "uv": gettext("UV"),
        "air": gettext("Air and others"),
    }


def digits() -> dict[str, str]:
    """Return the numbers of decimals and of significant digits to choose from."""
    return {
        "": pgettext("digits", "usual"),
        **{f"d{n}": ngettext("{n} decimal", "{n} decimals", n).format(n=n) for n in _DECIMALS},
        **{f"s{n}": gettext("{n} digits").format(n=n) for n in _DIGITS},
    }


def rows(sensor: Sensor, presentation: Presentation, system: str, typed: QueryDict | None) -> list[Row]:
    """Return a row for each quantity that the sensor has sent, or has settings for, in the order of the page."""
    values = getattr(getattr(sensor, "state", None), "values", {})
    return [
        _row(name, presentation, presentation.display(name, system), values.get(name), typed)
        for name in in_order(_known(values, presentation), presentation.settings)
    ]


def _known(values: Mapping[str, object], presentation: Presentation) -> list[str]:
    place = {name: number for number, name in enumerate(CATALOGUE)}
    return sorted({*values, *presentation.settings}, key=lambda name: (place.get(name, len(place)), name))


def _row(name: str, presentation: Presentation, shown: Display, value: object, typed: QueryDict | None) -> Row:
    looking, own = presentation.looks(name), presentation.settings_of(name)
    texts = _texts(own, shown)
    if typed and name in typed.getlist("quantity"):
        texts = {key: typed.get(f"{name}.{key}", "") for key in texts}
    return Row(name, looking.label, looking.hue, "" if value is None else shown.text(value), shown.linear.symbol, texts)


def _texts(own: QuantitySettings, shown: Display) -> dict[str, str]:
    digits = f"d{own.decimals}" if own.decimals is not None else f"s{own.digits}" if own.digits is not None else ""
    return {
        "shown": "" if own.hidden else "on",
        "place": "" if own.place is None else str(own.place),
        "label": own.label,
        "unit": display_symbol(own.unit) if own.unit else "",
        "digits": digits,
        "colour": own.colour,
        "low": _limit(own.low, shown),
        "high": _limit(own.high, shown),
    }


def _limit(value: float | None, shown: Display) -> str:
    return "" if value is None else f"{value * shown.factor + shown.offset:.{_SIGNIFICANT}g}"


def given(typed: QueryDict, sensor: Sensor, presentation: Presentation, system: str) -> dict[str, Any]:
    """Return the settings of a form in the form that `domain.quantities.settings.read` accepts.

    Quantities that the form does not have keep theirs, and so does a limit whose text was not changed.
    """
    found: dict[str, Any] = dict(sensor.quantities)
    for name in typed.getlist("quantity"):
        found[name] = dict(_settings(name, typed, presentation, system))
    return found


def _settings(name: str, typed: QueryDict, presentation: Presentation, system: str) -> Iterator[tuple[str, Any]]:
    own, shown = presentation.settings_of(name), presentation.display(name, system)
    texts = {key: typed.get(f"{name}.{key}", "").strip() for key in _texts(own, shown)}
    yield "hidden", not texts["shown"]
    yield from ((key, texts[key]) for key in ("label", "colour"))
    yield "unit", own.unit if texts["unit"] == _texts(own, shown)["unit"] else texts["unit"]
    yield "place", _whole(texts["place"])
    kind, number = texts["digits"][:1], texts["digits"][1:]
    yield {"s": "digits"}.get(kind, "decimals"), _whole(number)
    for key in ("low", "high"):
        before = getattr(own, key)
        yield key, before if texts[key] == _limit(before, shown) else _canonical(texts[key], shown)


def _whole(text: str) -> object:
    """Return the number, or the text for its refusal."""
    return (int(text) if text.isdecimal() else text) if text else None


def _canonical(text: str, shown: Display) -> object:
    try:
        return (
            float(f"{(float(text.replace(',', '.')) - shown.offset) / shown.factor:.{_SIGNIFICANT}g}") if text else None
        )
    except ValueError:
        return text


def kinds_of(sensor: Sensor) -> list[tuple[str, str]]:
    """Return the choices of kinds; the first follows what the sensor sends."""
    values = getattr(getattr(sensor, "state", None), "values", {})
    proposed = gettext("As proposed: {kind}").format(kind=_in_sentence(gettext(KINDS[kind_of(values)])))
    return [("", proposed), *((kind, gettext(name)) for kind, name in KINDS.items())]


def _in_sentence(name: str) -> str:
    """Write a name within an English sentence; German nouns keep their capital."""
    return name.lower() if (get_language() or "en") == "en" else name
