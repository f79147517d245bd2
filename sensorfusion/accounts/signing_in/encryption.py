"""Encryption of the secrets of second factors, so that a copy of the database alone gives no codes."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def encrypt(text: str) -> str:
    """Encrypt text with a key derived from the server's secret key."""
    return _box().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Decrypt text; empty if it was encrypted with another secret key, by which no code is right."""
    try:
        return _box().decrypt(encrypted.encode()).decode()
    except InvalidToken:
        return ""


def _box() -> Fernet:
    # SECRET_KEY has other uses too, so this one derives its own key.
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()))
