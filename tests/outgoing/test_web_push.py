"""Web Push: the example of RFC 8291 byte by byte, what a browser reads, and what a push service checks."""

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from sensorfusion.outgoing import web_push
from sensorfusion.outgoing.web_push import from_base64, to_base64
from tests.outgoing.push_browser import PushBrowser

# RFC 8291, appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SENT = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def key(text: str) -> Any:
    return derive_private_key(int.from_bytes(from_base64(text)), SECP256R1())


def test_example_of_the_standard_is_encrypted_byte_by_byte() -> None:
    browser = web_push.subscription_of(PUBLIC, AUTH)
    assert browser

    assert to_base64(web_push.encrypted(TEXT, browser, key=key(SENDER), salt=from_base64(SALT))) == SENT


def test_example_of_the_standard_is_read_by_the_browser_of_the_tests() -> None:
    assert PushBrowser(key(BROWSER), from_base64(AUTH)).read(from_base64(SENT)) == TEXT


@pytest.mark.parametrize("size", [0, 1, web_push.MOST_BYTES])
def test_browser_reads_what_was_encrypted_for_it_and_another_does_not(size: int) -> None:
    browser, other = PushBrowser(), PushBrowser()
    to = web_push.subscription_of(browser.p256dh, browser.auth_text)
    assert to

    sent = web_push.encrypted(b"x" * size, to, key=generate_private_key(SECP256R1()), salt=b"s" * 16)

    assert browser.read(sent) == b"x" * size
    assert len(sent) <= web_push.RECORD_BYTES
    with pytest.raises(InvalidTag):
        other.read(sent)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", ""), (PUBLIC, "c2hvcnQ"), (PUBLIC[:-4], AUTH), ("BA" + "A" * 85, AUTH), ("ü", AUTH), (PUBLIC, "%%%%")],
)
def test_keys_that_are_none_are_refused(p256dh: str, auth: str) -> None:
    assert web_push.subscription_of(p256dh, auth) is None


def test_push_service_can_verify_who_sends_and_for_whom() -> None:
    own = web_push.key_from(b"seed" * 16)

    header = web_push.proof("https://push.example.org:8443/v2/abc", key=own, contact="https://a.example", at=1_000)

    scheme, _, rest = header.partition(" ")
    given = dict(each.strip().split("=", 1) for each in rest.split(","))
    text, _, signature = given["t"].rpartition(".")
    claims = [json.loads(from_base64(part)) for part in text.split(".")]
    r, s = from_base64(signature)[:32], from_base64(signature)[32:]
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), from_base64(given["k"]))
    public.verify(encode_dss_signature(int.from_bytes(r), int.from_bytes(s)), text.encode(), ECDSA(SHA256()))
    assert scheme == "vapid"
    assert claims[0] == {"typ": "JWT", "alg": "ES256"}
    assert claims[1] == {"aud": "https://push.example.org:8443", "exp": 1_000 + 12 * 3600, "sub": "https://a.example"}


def test_key_is_the_same_for_the_same_seed_only() -> None:
    keys = [web_push.public_bytes(web_push.key_from(seed)) for seed in (b"a" * 64, b"a" * 64, b"b" * 64)]

    assert keys[0] == keys[1] != keys[2]
