"""The demo's files in the data directory, readable by their owner only: the operator's password, the stations' keys."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec

PASSWORD_FILE = "demo_password"
KEYS_FILE = "demo_keys.json"
HOUSE_KEYS_FILE = "demo_house_keys.json"
# Letters and digits that are not easily confused; three groups of four have 59 random bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class StationKey:
    """A station's sensor, by its public id, and its key."""

    sensor: UUID
    key: str


_decode = msgspec.json.Decoder(dict[str, StationKey]).decode


def password(data: Path) -> str:
    """Return the stored password, or "" if there is none."""
    return _read(data / PASSWORD_FILE).strip()


def make_password(data: Path) -> str:
    """Make a new password and store it."""
    made = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    _keep(data / PASSWORD_FILE, made + "\n")
    return made


def keys(data: Path, file: str = KEYS_FILE) -> dict[str, StationKey]:
    """Return the stored keys by station, or {} if there are none or the file is unreadable."""
    try:
        return _decode(_read(data / file) or "{}")
    except msgspec.DecodeError:
        return {}


def keep_keys(data: Path, keys: dict[str, StationKey], file: str = KEYS_FILE) -> None:
    _keep(data / file, msgspec.json.format(msgspec.json.encode(keys)).decode() + "\n")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _keep(path: Path, text: str) -> None:
    """Write a file atomically, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
