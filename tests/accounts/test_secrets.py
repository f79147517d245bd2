import re

from sensorfusion.accounts.secrets import digest, make_token


def test_token_has_its_shape() -> None:
    assert re.fullmatch(r"sft_[A-Za-z0-9_-]{40}", make_token())


def test_two_tokens_are_never_the_same() -> None:
    assert len({make_token() for _ in range(1000)}) == 1000


def test_digest_is_the_sha256_of_the_text() -> None:
    assert digest("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_text_that_is_not_unicode_has_a_digest_too() -> None:
    assert len(digest("\ud800")) == 32
