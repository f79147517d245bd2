"""What a sensor's key looks like: `sf_7k2m9q4x-…`, a public name and a secret, of which only the SHA-256 is stored.

The secret has 192 random bits, so a fast hash is as safe as a slow one, and the doors can afford it on every request.
"""

import hashlib
import re
import secrets
import string
from base64 import b64encode

from django.utils.crypto import salted_hmac

from sensorfusion.accounts.secrets import digest as digest  # keys and tokens are hashed alike

_NAME_ALPHABET = string.ascii_lowercase + string.digits
_NAME_LENGTH = 8  # 2.8e12 names: a million keys make a clash in a new one less likely than 1 in 2 million
_SECRET_BYTES = 24  # 32 characters of base64
_BROKER_ROUNDS, _BROKER_SALT_BYTES = 101, 12  # as mosquitto_passwd makes them
_SHAPE = re.compile(r"(sf_[a-z0-9]{8})-[A-Za-z0-9_-]{32}")


def make_key() -> tuple[str, str]:
    """Make a new key: its public part, and the whole text that is shown once."""
    prefix = "sf_" + "".join(secrets.choice(_NAME_ALPHABET) for _ in range(_NAME_LENGTH))
    return prefix, f"{prefix}-{secrets.token_urlsafe(_SECRET_BYTES)}"


def public_part(text: str) -> str | None:
    """Return the part of a key that may be shown and logged, or None where the text does not have a key's shape."""
    match = _SHAPE.fullmatch(text)
    return match[1] if match else None


def broker_hash(text: str) -> str:
    """Return what Mosquitto's password file holds of a password or key: PBKDF2 with SHA-512 and a salt.

    A broker checks it at every connect. A key has 192 random bits, so a hundred rounds, Mosquitto's own number, do.
    """
    salt = secrets.token_bytes(_BROKER_SALT_BYTES)
    made = hashlib.pbkdf2_hmac("sha512", text.encode(), salt, _BROKER_ROUNDS)
    return f"$7${_BROKER_ROUNDS}${b64encode(salt).decode()}${b64encode(made).decode()}"


def console_digest(shown: str) -> bytes:
    """Return what is stored of what a weather console shows instead of a key.

    That may be a short password, so unlike a key's it is worth nothing without the installation's secret key.
    """
    written = shown.encode(errors="backslashreplace")  # whatever a path holds
    return salted_hmac("sensorfusion.console", written, algorithm="sha256").digest()


def shown_passkey(passkey: str) -> str:
    """Write a PASSKEY, or the MAC that some show instead, as a credential."""
    return f"PASSKEY {re.sub('[:.-]', '', passkey.strip().upper())}"


def shown_identity(identity: str, secret: str) -> str:
    """Write a station's ID and password as a credential."""
    return f"ID {identity.strip()}\n{secret.strip()}"
