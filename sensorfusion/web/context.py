"""Context processor of every page: the reader's choices, so that nothing flashes, and what there is to choose from."""

from functools import lru_cache, partial
from typing import Final, NamedTuple

from django.http import HttpRequest
from django.utils.translation import get_language, gettext, pgettext

from sensorfusion.web.languages import LANGUAGES
from sensorfusion.web.values.clock import WEEKDAYS, clock_labels
from sensorfusion.web.values.display import display
from sensorfusion.web.values.reader import THEMES, habits_of, theme_of, units_of
from sensorfusion.web.values.systems import CHOICES, PRESETS, Choice, codes, parts, preset_label

_SAMPLES: Final = {"temperature": 12.4, "wind_speed": 3.2, "pressure": 1013.2}
_SAMPLE_OF: Final = {
    "temperature": ("temperature", 12.4),
    "wind": ("wind_speed", 5.5),
    "pressure": ("pressure", 1013.2),
    "rain": ("rain", 3.2),
    "distance": ("visibility", 12_000.0),
}


class Units(NamedTuple):
    """One row of the menu; `value` is as `web.values.systems` writes it."""

    value: str
    label: str
    sample: str


class Single(NamedTuple):
    """A unit of one choice; `sample` is a value in it, which names it too."""

    code: str
    sample: str


class Group(NamedTuple):
    """What a single unit is chosen for; `chosen` is one of the codes of `units`."""

    name: str
    label: str
    chosen: str
    units: tuple[Single, ...]


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the reader's choices for the templates, and the available ones."""
    units, habits = units_of(request), habits_of(request)
    return {
        "theme": theme_of(request),
        "themes": " ".join(THEMES),
        "theme_label": gettext("Theme: {theme}").format(theme=pgettext("theme", theme_of(request))),
        "units": units,
        "unit_menu": unit_menu(units, get_language()),
        "unit_groups": partial(unit_groups, units, get_language()),
        "preset": parts(units)[0],
        "unit_sign": display("temperature", units).symbol,
        "clock": habits.clock,
        "weekday": WEEKDAYS[habits.week],
        "clocks": clock_labels(),
        "languages": LANGUAGES.items(),
    }


@lru_cache(maxsize=1024)
def unit_groups(units: str, _language: str | None) -> tuple[Group, ...]:
    """Return what single units are chosen for, and which, for readers whose choices are not on a page of an account."""
    chosen = codes(units)
    return tuple(Group(name, each.shown_label, chosen[name], _units(name, each)) for name, each in CHOICES.items())


def _units(group: str, choice: Choice) -> tuple[Single, ...]:
    name, value = _SAMPLE_OF[group]
    return tuple(Single(code, display(name, f"metric-{code}").text(value)) for code in choice.codes)


@lru_cache(maxsize=1024)
def unit_menu(units: str, _language: str | None) -> tuple[Units, ...]:
    """Return the presets with samples, and before them the reader's own units if these are none."""
    own = [] if units in PRESETS else [Units(units, _changed(parts(units)[0]), sample(units))]
    return (*own, *(Units(each, preset_label(each), sample(each)) for each in PRESETS))


def _changed(preset: str) -> str:
    return gettext("{preset}, changed").format(preset=preset_label(preset))


def sample(units: str) -> str:
    """Show what values look like: 12.4 °C · 3.2 m/s · 1013.2 hPa."""
    return " · ".join(display(name, units).text(value) for name, value in _SAMPLES.items())
