"""The signature of a body that is sent: receivers know by it who sent the body, and when."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

SIGNATURE: Final = "SensorFusion-Signature"


def signature(body: bytes, secrets: Sequence[str], at: int) -> str:
    """Sign a body at an instant: the HMAC-SHA256 of the epoch second, a full stop, and the body, with each secret."""
    text = f"{at}.".encode() + body
    digests = (hmac.new(secret.encode(), text, hashlib.sha256).hexdigest() for secret in secrets)
    return ",".join([f"t={at}", *(f"v1={digest}" for digest in digests)])
