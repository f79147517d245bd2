"""The reader's units: a preset, and units that were chosen for single quantities.

Written as one text, such as `metric`, `us` or `metric-kn-mmhg`, which is stored, sent and passed on as it is. Only
`web.values.display` looks inside.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from sensorfusion.domain.texts.translation import gettext, gettext_noop, pgettext, pgettext_noop

PRESETS: Final = {
    "metric": pgettext_noop("units", "Metric"),
    "uk": pgettext_noop("units", "UK"),
    "us": pgettext_noop("units", "US"),
    "scientific": pgettext_noop("units", "Scientific"),
}
_USUAL: Final = "metric"
MOST: Final = 60  # characters of a text


class Choice(NamedTuple):
    """What one choice is about, and its codes with what they are called."""

    label: str
    codes: Mapping[str, str]

    @property
    def shown_label(self) -> str:
        return gettext(self.label)

    @property
    def shown_codes(self) -> list[tuple[str, str]]:
        """The codes as choices of a form, in the language of the page."""
        return [(code, gettext(name)) for code, name in self.codes.items()]


CHOICES: Final[Mapping[str, Choice]] = {
    "temperature": Choice(gettext_noop("Temperature"), {"c": "°C", "f": "°F", "k": "K"}),
    "wind": Choice(
        gettext_noop("Wind"),
        {"ms": "m/s", "kmh": "km/h", "mph": "mph", "kn": gettext_noop("knots"), "bft": gettext_noop("Beaufort")},
    ),
    "pressure": Choice(gettext_noop("Air pressure"), {"hpa": "hPa", "inhg": "inHg", "mmhg": "mmHg", "pa": "Pa"}),
    "rain": Choice(gettext_noop("Rain and snow"), {"mm": "mm", "in": gettext_noop("inches")}),
    "distance": Choice(gettext_noop("Distance"), {"km": "km", "mi": gettext_noop("miles"), "m": "m"}),
}
_OF_PRESET: Final[Mapping[str, tuple[str, ...]]] = {
    "metric": ("c", "ms", "hpa", "mm", "km"),
    "uk": ("c", "mph", "hpa", "mm", "mi"),
    "us": ("f", "mph", "inhg", "in", "mi"),
    "scientific": ("k", "ms", "pa", "mm", "m"),
}
_GROUP_OF: Final = {code: group for group, choice in CHOICES.items() for code in choice.codes}
SINGLE: Final = [(code, name) for choice in CHOICES.values() for code, name in choice.codes.items()]
EVERY: Final = (*PRESETS, *(f"metric-{code}" for code in _GROUP_OF))  # texts that together have every unit


def preset_label(preset: str) -> str:
    """Return what a preset is called in the language of the page."""
    return pgettext("units", PRESETS[preset])


@lru_cache(maxsize=1024)
def normalised(text: str) -> str | None:
    """Return a text in its shortest form, None if it is not one: `metric-kn-ms` is not, `us-f` is `us`."""
    preset, *codes = text.split("-") if len(text) <= MOST else [""]
    groups = [_GROUP_OF.get(code, "") for code in codes]
    if preset not in PRESETS or not all(groups) or len(set(groups)) < len(groups):
        return None
    return composed(preset, dict(zip(groups, codes, strict=True)))


def composed(preset: str, chosen: Mapping[str, str]) -> str:
    """Return the text of a preset and the units of single quantities, by group; empty ones are the preset's."""
    own = zip(CHOICES, _OF_PRESET[preset], strict=True)
    return "-".join([preset, *(code for group, usual in own if (code := chosen.get(group) or usual) != usual)])


def composed_of(preset: str, codes: Iterable[str]) -> str:
    """Return the text of a preset and codes, of which the last one of a group is taken."""
    return composed(preset, by_group(codes))


def by_group(codes: Iterable[str]) -> dict[str, str]:
    """Return codes by what they are units of; of several, the last one."""
    return {_GROUP_OF[code]: code for code in codes if code in _GROUP_OF}


def parts(system: str) -> tuple[str, dict[str, str]]:
    """Return the preset and what was chosen beside it, by group; an unknown text is metric."""
    preset, *codes = (normalised(system) or _USUAL).split("-")
    return preset, {_GROUP_OF[code]: code for code in codes}


def codes(system: str) -> dict[str, str]:
    """Return the code of every group; an unknown text is metric."""
    preset, chosen = parts(system)
    return {**dict(zip(CHOICES, _OF_PRESET[preset], strict=True)), **chosen}
