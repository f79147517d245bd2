"""The secret in the address of a share: `sfs_` and 40 characters.

It is derived from a random seed in the share's row and from the platform's secret key. So the maker can copy the link
again, and a copy of the database alone shows no link. Look-ups are by the SHA-256 of the token, in the same row: links
that were given away stay valid when the secret key changes, only copying them ends.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import Final

from django.utils.crypto import salted_hmac

from sensorfusion.accounts.secrets import digest as digest

SEED_BYTES: Final = 16
_TOKEN_BYTES: Final = 30  # 40 characters of base64


def make_seed() -> bytes:
    return secrets.token_bytes(SEED_BYTES)


def token_of(seed: bytes) -> str:
    """Derive the token of a share from its seed."""
    derived = salted_hmac("sensorfusion share link", seed, algorithm="sha256").digest()
    return "sfs_" + urlsafe_b64encode(derived[:_TOKEN_BYTES]).decode()


def copied(*, seed: bytes, stored: bytes) -> str:
    """Return the token of a share, empty if it was made with another secret key."""
    token = token_of(seed)
    return token if hmac.compare_digest(digest(token), stored) else ""
