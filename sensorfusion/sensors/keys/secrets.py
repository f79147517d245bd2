"""Format and hashing of sensor keys: `sf_7k2m9q4x-…`, a public name and a secret; only the SHA-256 is stored.

The secret has 192 random bits, so a fast hash is as safe as a slow one, and doors can compute it for every request.
"""

import hashlib
import re
import secrets
import string
from base64 import b64encode

from django.utils.crypto import salted_hmac

from sensorfusion.accounts.secrets import digest as digest  # keys and API tokens use the same hash

_NAME_ALPHABET = string.ascii_lowercase + string.digits
_NAME_LENGTH = 8  # 2.8e12 names: with a million keys, a new one clashes with a probability below 1 in 2 million
_SECRET_BYTES = 24  # 32 characters of base64
_BROKER_ROUNDS, _BROKER_SALT_BYTES = 101, 12  # as mosquitto_passwd uses them
_SHAPE = re.compile(r"(sf_[a-z0-9]{8})-[A-Za-z0-9_-]{32}")


def make_key() -> tuple[str, str]:
    """Generate a key; return its public part, and the whole text, which is shown once."""
    prefix = "sf_" + "".join(secrets.choice(_NAME_ALPHABET) for _ in range(_NAME_LENGTH))
    return prefix, f"{prefix}-{secrets.token_urlsafe(_SECRET_BYTES)}"


def public_part(text: str) -> str | None:
    """Return the part of a key that may be shown and logged, or None if the text is not a key."""
    match = _SHAPE.fullmatch(text)
    return match[1] if match else None


def broker_hash(text: str) -> str:
    """Return the hash of a password or key for Mosquitto's password file: PBKDF2 with SHA-512 and a salt.

    A broker verifies it at every connect. A key has 192 random bits, so about a hundred rounds, Mosquitto's default,
    suffice.
    """
    salt = secrets.token_bytes(_BROKER_SALT_BYTES)
    made = hashlib.pbkdf2_hmac("sha512", text.encode(), salt, _BROKER_ROUNDS)
    return f"$7${_BROKER_ROUNDS}${b64encode(salt).decode()}${b64encode(made).decode()}"


def console_digest(shown: str) -> bytes:
    """Return the digest to store of the credential that a weather console sends instead of a key.

    The credential may be a short password, so unlike a key's digest it is keyed with the installation's secret key.
    """
    written = shown.encode(errors="backslashreplace")  # a path may contain anything
    return salted_hmac("sensorfusion.console", written, algorithm="sha256").digest()


def shown_passkey(passkey: str) -> str:
    """Return a PASSKEY, or the MAC address that some consoles send instead, as a credential."""
    return f"PASSKEY {re.sub('[:.-]', '', passkey.strip().upper())}"


def shown_identity(identity: str, secret: str) -> str:
    """Return a station's ID and password as a credential."""
    return f"ID {identity.strip()}\n{secret.strip()}"
