"""What to enter in the form of a weather console, field by field, so that each can be copied."""

from dataclasses import dataclass


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
    server = (Field("Host", host), Field("Port", str(port)))
    anything = Field("Station ID", station)
    return (
        Group("Server", server, "of every protocol; the host without http://"),
        Group(
            "Weather Underground",
            (Field("Path", f"{path}/weatherstation/updateweatherstation.php?"), anything, Field("Password", key)),
            "its own server, or “customized”",
        ),
        Group(
            "Ecowitt or Ambient",
            (Field("Path", f"{path}/data/report/{key}/?"), Field("Interval", "16 to 60 seconds", is_value=False)),
        ),
        Group("PWSweather", (Field("Path", f"{path}/pwsupdate/pwsupdate.php?"), Field("Password", key))),
        Group("WOW", (Field("Path", f"{path}/automaticreading?"), Field("Authentication key", key))),
        Group(
            "WSLink",
            (Field("Path", f"{path}/data/upload.php"), anything, Field("Station key", key)),
            "Bresser, Sencor, Garni",
        ),
        Group(
            "No field for a password",
            (Field("Path", f"{path}/in/{key}/weatherstation/updateweatherstation.php?"),),
            "or it cuts the key off",
        ),
    )
