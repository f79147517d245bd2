"""Format of API tokens: `sft_` and 40 characters, of which only the SHA-256 and the last four are stored."""

import hashlib
import secrets

_SECRET_BYTES = 30  # 40 characters of base64


def make_token() -> str:
    """Return the text of a new token."""
    return "sft_" + secrets.token_urlsafe(_SECRET_BYTES)


def digest(text: str) -> bytes:
    """Return the SHA-256 of a secret, 32 bytes, as stored. A secret of so many random bits needs no slow hash."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
