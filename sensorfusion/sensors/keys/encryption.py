"""Secrets of others that must be shown to those others again, so that a digest will not do: sealed with our own key."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def encrypt(text: str) -> str:
    """Make text unreadable without the server's secret key; empty text stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def decrypt(encrypted: str) -> str | None:
    """Read sealed text, or return None where the secret key is not the one it was sealed with."""
    if not encrypted:
        return ""
    try:
        return _box().decrypt(encrypted.encode()).decode()
    except InvalidToken:
        return None


def _box() -> Fernet:
    # The secret key is also used for other things: this use gets a key of its own from it.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"polling:" + settings.SECRET_KEY.encode()).digest()))
