"""Context processor of every page: the reader's theme and units, so that nothing flashes."""

from typing import Final

from django.http import HttpRequest

THEMES: Final = ("auto", "light", "dark")
UNITS: Final = ("metric", "uk", "us", "scientific")


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the reader's theme and units for the templates, and the available ones."""
    return {
        "theme": theme_of(request),
        "themes": " ".join(THEMES),
        "units": units_of(request),
        "unit_systems": " ".join(UNITS),
    }


def theme_of(request: HttpRequest) -> str:
    """Return the reader's theme."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else "auto"


def units_of(request: HttpRequest) -> str:
    """Return the reader's unit system: this browser's choice, else the operator's setting."""
    chosen = request.COOKIES.get("units", "")
    if chosen in UNITS:
        return chosen
    return str(getattr(getattr(request, "user", None), "units", "metric"))
