"""Generates Mosquitto's password file and access rules from the sensors' keys.

A key's public part is the user name and the whole key the password, so that each key can be revoked by itself. A key
allows publishing to its sensor's topic and nothing else; so a message's topic identifies its sensor.
"""

import grp
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sensorfusion.ingest.mqtt.broker import Broker
from sensorfusion.sensors.keys.secrets import broker_hash
from sensorfusion.sensors.models import Key

PASSWORDS, RULES = "passwords", "access"
# Files beside ours with this suffix belong to the administrator; their content is appended to ours.
ADDED = ".local"

_HEAD = "# Written by `sensorfusion mqtt_access`. Your own lines go into {name}.local beside this file.\n"


@dataclass(frozen=True, slots=True)
class Account:
    """One user of the broker. `hashed` is the password hash in Mosquitto's format."""

    user: str
    hashed: str = field(repr=False)
    rules: Sequence[str] = ()


def accounts_of_sensors() -> list[Account]:
    """Return the accounts of all unrevoked keys that have a broker hash, each with its sensor's topic."""
    keys = Key.objects.filter(revoked_at=None).exclude(broker_hash="").order_by("prefix")
    return [
        Account(prefix, hashed, [f"topic write sf/v1/{uuid}/readings"])
        for prefix, hashed, uuid in keys.values_list("prefix", "broker_hash", "sensor__uuid")
    ]


def keys_without_access() -> int:
    """Count the keys made before broker hashes were stored; they must be replaced to be used at a broker."""
    return Key.objects.filter(revoked_at=None, broker_hash="").count()


def own_account(broker: Broker) -> Account:
    """Return the platform's own account, which reads all topics and announces sensors to Home Assistant."""
    rules = ["topic read #", "topic write sf/#", "topic write homeassistant/#"]
    return Account(broker.user, broker_hash(broker.password), rules)


def write(directory: Path, accounts: Sequence[Account], *, group: str = "") -> bool:
    """Write both files if they differ from the existing ones; return whether they did.

    :raises OSError: they cannot be written.
    :raises LookupError: the group does not exist.
    """
    _make_enterable(directory, group)
    passwords = "".join(f"{account.user}:{account.hashed}\n" for account in accounts)
    rules = "".join("\n".join((f"user {account.user}", *account.rules)) + "\n\n" for account in accounts)
    # Passwords last: a process that waits for this file to change may then read both.
    return any(
        [_replace(directory / RULES, rules, group=group), _replace(directory / PASSWORDS, passwords, group=group)]
    )


def closed_to(directory: Path, group: str) -> Path | None:
    """Return the directory on the way to the files that the broker's group cannot enter; None if there is none.

    :raises LookupError: the group does not exist.
    """
    gid = grp.getgrnam(group).gr_gid
    for each in reversed([directory.absolute(), *directory.absolute().parents]):
        found = each.stat()
        if not found.st_mode & (0o010 if found.st_gid == gid else 0o001):
            return each
    return None


def _make_enterable(directory: Path, group: str) -> None:
    """Create the directory if it is missing, and let the broker's group enter the one that we created."""
    if directory.exists():
        return
    directory.mkdir(mode=0o750, parents=True)
    if group:
        shutil.chown(directory, group=group)
        directory.chmod(0o750)  # whatever the umask is


def _replace(path: Path, text: str, *, group: str) -> bool:
    """Replace a file atomically, so that the broker never reads half of it; return whether it changed."""
    added = path.with_name(path.name + ADDED)
    whole = _HEAD.format(name=path.name) + text + (added.read_text() if added.exists() else "")
    if path.exists() and path.read_text() == whole:
        return False
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w") as file:
        file.write(whole)
        file.flush()
        os.fsync(file.fileno())
    if group:
        shutil.chown(name, group=group)
        os.chmod(name, 0o640)
    os.replace(name, path)
    return True
