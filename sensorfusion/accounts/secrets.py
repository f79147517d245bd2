"""What an API token looks like: `sft_` and 40 characters, of which only the SHA-256 and the last four are stored."""

import hashlib
import secrets

_SECRET_BYTES = 30  # 40 characters of base64


def make_token() -> str:
    """Make the text of a new token."""
    return "sft_" + secrets.token_urlsafe(_SECRET_BYTES)


def digest(text: str) -> bytes:
    """Return what is stored of a secret: its SHA-256, 32 bytes. So many random bits need no slow hash."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
