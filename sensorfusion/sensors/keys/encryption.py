"""Encryption of third-party secrets that we must send back, so hashing them is not possible."""

from typing import Final

from sensorfusion.accounts.encryption import decrypted, encrypted

_PURPOSE: Final = "polling"  # the first of them; what is stored is bound to it


def encrypt(text: str) -> str:
    """Encrypt text; empty text stays empty."""
    return encrypted(text, purpose=_PURPOSE) if text else ""


def decrypt(text: str) -> str | None:
    """Decrypt text, or return None if it was encrypted with another secret key."""
    return decrypted(text, purpose=_PURPOSE) if text else ""
