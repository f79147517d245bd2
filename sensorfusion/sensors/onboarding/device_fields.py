"""What to enter in the form of a weather console, field by field, so that each can be copied."""

from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a device's form; what is no value is an explanation, and is not copied."""

    label: str
    text: str
    is_value: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one protocol."""

    title: str
    fields: tuple[Field, ...]
    more: str = ""


def console(*, host: str, port: int, path: str, key: str, station: str) -> tuple[Group, ...]:
    """Return what weather consoles ask for; `path` is the prefix of the platform's addresses."""
    server = (Field(gettext("Host"), host), Field(gettext("Port"), str(port)))
    anything = Field(gettext("Station ID"), station)
    return (
        Group(gettext("Server"), server, gettext("of every protocol; the host without http://")),
        Group(
            "Weather Underground",
            (
                Field(gettext("Path"), f"{path}/weatherstation/updateweatherstation.php?"),
                anything,
                Field(gettext("Password"), key),
            ),
            gettext("its own server, or “customized”"),
        ),
        Group(
            gettext("Ecowitt or Ambient"),
            (
                Field(gettext("Path"), f"{path}/data/report/{key}/?"),
                Field(gettext("Interval"), gettext("16 to 60 seconds"), is_value=False),
            ),
        ),
        Group(
            "PWSweather", (Field(gettext("Path"), f"{path}/pwsupdate/pwsupdate.php?"), Field(gettext("Password"), key))
        ),
        Group("WOW", (Field(gettext("Path"), f"{path}/automaticreading?"), Field(gettext("Authentication key"), key))),
        Group(
            "WSLink",
            (Field(gettext("Path"), f"{path}/data/upload.php"), anything, Field(gettext("Station key"), key)),
            "Bresser, Sencor, Garni",
        ),
        Group(
            gettext("No field for a password"),
            (Field(gettext("Path"), f"{path}/in/{key}/weatherstation/updateweatherstation.php?"),),
            gettext("or it cuts the key off"),
        ),
    )
