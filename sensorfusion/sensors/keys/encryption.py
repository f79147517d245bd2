"""Encryption of third-party secrets that we must send back, so hashing them is not possible."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def encrypt(text: str) -> str:
    """Encrypt text with a key derived from the server's secret key; empty text stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def decrypt(encrypted: str) -> str | None:
    """Decrypt text, or return None if it was encrypted with another secret key."""
    if not encrypted:
        return ""
    try:
        return _box().decrypt(encrypted.encode()).decode()
    except InvalidToken:
        return None


def _box() -> Fernet:
    # SECRET_KEY has other uses too, so this one derives its own key.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"polling:" + settings.SECRET_KEY.encode()).digest()))
