"""Web Push: the encryption of a message for one browser (RFC 8291), and the proof of who sends it (VAPID, RFC 8292).

Both are a few calls of `cryptography`; sending is that of any request.
"""

import base64
import json
from binascii import Error
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES: Final = 4096  # which every push service accepts
MOST_BYTES: Final = RECORD_BYTES - 86 - 1 - 16  # of a message: without header, delimiter and tag
VALID_S: Final = 12 * 3600  # of a proof, at most a day
_CURVE: Final = SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Subscription:
    """The keys with which a browser reads what is sent to it."""

    public: bytes = field(repr=False)
    auth: bytes = field(repr=False)


def subscription_of(p256dh: str, auth: str) -> Subscription | None:
    """Read the keys as browsers write them; None if they are none."""
    try:
        found = Subscription(from_base64(p256dh), from_base64(auth))
        EllipticCurvePublicKey.from_encoded_point(_CURVE, found.public)
    except (ValueError, Error):
        return None
    return found if len(found.auth) == 16 else None


def key_from(seed: bytes) -> EllipticCurvePrivateKey:
    """Derive a private key from at least 48 secret bytes."""
    return derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, _CURVE)


def public_bytes(key: EllipticCurvePrivateKey) -> bytes:
    """Return the public key as an uncompressed point."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encrypted(text: bytes, to: Subscription, *, key: EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """Encrypt a message as one record of `aes128gcm`; `key` and `salt` are made for this message."""
    own, theirs = public_bytes(key), EllipticCurvePublicKey.from_encoded_point(_CURVE, to.public)
    shared = _derived(key.exchange(ECDH(), theirs), to.auth, b"WebPush: info\0" + to.public + own, 32)
    secret = _derived(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(shared, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_BYTES.to_bytes(4) + bytes([len(own)]) + own
    return header + AESGCM(secret).encrypt(nonce, text + b"\x02", None)  # 2: the last record


def proof(endpoint: str, *, key: EllipticCurvePrivateKey, contact: str, at: int) -> str:
    """Return the header by which a push service knows the sender, and whom to write to."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": at + VALID_S, "sub": contact}
    text = ".".join(to_base64(json.dumps(each).encode()) for each in ({"typ": "JWT", "alg": "ES256"}, claims))
    numbers = decode_dss_signature(key.sign(text.encode(), ECDSA(SHA256())))
    signature = b"".join(each.to_bytes(32) for each in numbers)
    return f"vapid t={text}.{to_base64(signature)}, k={to_base64(public_bytes(key))}"


def to_base64(data: bytes) -> str:
    """Write bytes in base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """Read base64url with or without padding.

    :raises ValueError: it is none.
    """
    plain = text.rstrip("=")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
