"""The account of a destination at its network: checked when it is entered, secrets sealed, and put together to send."""

import json
import re
from collections.abc import Mapping

from django.utils.translation import gettext

from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.targets.target import Account, Target
from sensorfusion.sensors.keys.encryption import decrypt, encrypt
from sensorfusion.sensors.models import Sensor


def mistakes(given: Mapping[str, str], target: Target, sensor: Sensor) -> dict[str, list[str]]:
    """Say what is wrong with an account, by entry; the mistake of all together is at one of them."""
    found = {}
    for entry in target.account:
        text = given.get(entry.name, "")
        if not text:
            if not entry.is_optional:
                found[entry.name] = [gettext("This is needed.")]
        elif len(text) > entry.longest or not re.fullmatch(entry.pattern, text, re.ASCII):
            found[entry.name] = [gettext(entry.wrong)]
    for name in set(given) - {entry.name for entry in target.account}:
        found[name] = [gettext("{network} asks for no such entry.").format(network=target.name)]
    if not found and (why := target.mistake(given, sensor)):
        found[target.mistake_at or target.account[0].name] = [why]
    return found


def open_part(given: Mapping[str, str], target: Target) -> dict[str, str]:
    """Return the entries of an account that are not secret."""
    return {name: text for name, text in given.items() if name not in target.secrets and text}


def sealed_part(given: Mapping[str, str], target: Target) -> str:
    """Return the secret entries as sealed text."""
    secrets = {name: given[name] for name in target.secrets if given.get(name)}
    return encrypt(json.dumps(secrets)) if secrets else ""


def account_of(destination: Destination) -> Account | None:
    """Return the whole account; None if its secrets cannot be read, because the server's secret key changed."""
    text = decrypt(destination.secret)
    if text is None:
        return None
    return {**destination.account, **(json.loads(text) if text else {})}
