"""Encryption of secrets that must be read again, so that a copy of the database alone is worth nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def encrypted(text: str, *, purpose: str) -> str:
    """Encrypt text with a key that is derived from the server's secret key for one purpose."""
    return _box(purpose).encrypt(text.encode()).decode()


def decrypted(text: str, *, purpose: str) -> str | None:
    """Decrypt text, or return None if it was encrypted with another secret key."""
    try:
        return _box(purpose).decrypt(text.encode()).decode()
    except InvalidToken:
        return None


def _box(purpose: str) -> Fernet:
    # SECRET_KEY has other uses too, so each purpose derives its own key.
    key = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
