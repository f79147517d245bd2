"""An authenticator app on a phone: RFC 6238 by the standard library, nothing of ours."""

import base64
import hashlib
import hmac
import struct
from datetime import datetime


def code_at(secret: str, at: datetime) -> str:
    """Return the code of six digits that an app shows, for a secret in base32."""
    key = base64.b32decode(secret.replace(" ", ""))
    signed = hmac.new(key, struct.pack(">Q", int(at.timestamp()) // 30), hashlib.sha1).digest()
    start = signed[-1] & 15
    number = struct.unpack(">I", signed[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"
