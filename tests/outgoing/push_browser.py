"""A browser that reads Web Push, written from RFC 8291 and RFC 8188 with HMAC, not with the code that encrypts."""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sensorfusion.outgoing.web_push import to_base64


class PushBrowser:
    """Has a key pair and a secret, as `PushSubscription.getKey` gives them."""

    def __init__(self, key: EllipticCurvePrivateKey | None = None, auth: bytes = b"") -> None:
        self._key = key or generate_private_key(SECP256R1())
        self._auth = auth or os.urandom(16)
        self._public = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh, self.auth_text = to_base64(self._public), to_base64(self._auth)

    def read(self, body: bytes) -> bytes:
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        shared = self._key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender))
        first = _hmac(_hmac(self._auth, shared), b"WebPush: info\x00" + self._public + sender + b"\x01")
        second = _hmac(salt, first)
        secret = _hmac(second, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = _hmac(second, b"Content-Encoding: nonce\x00\x01")[:12]
        padded = AESGCM(secret).decrypt(nonce, record, None).rstrip(b"\x00")
        assert padded[-1:] == b"\x02"
        return padded[:-1]


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()
