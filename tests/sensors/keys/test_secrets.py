import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.sensors.keys.secrets import make_key, public_part


def test_key_has_its_shape_and_begins_with_its_public_part() -> None:
    prefix, text = make_key()

    assert re.fullmatch(r"sf_[a-z0-9]{8}-[A-Za-z0-9_-]{32}", text)
    assert text.startswith(f"{prefix}-")
    assert len(prefix) == 11


def test_two_keys_are_never_the_same() -> None:
    assert len({make_key() for _ in range(1000)}) == 1000


def test_public_part_of_a_key_is_its_prefix() -> None:
    prefix, text = make_key()

    assert public_part(text) == prefix


@pytest.mark.parametrize(
    "text", ["", "sf_", "sft_" + "x" * 40, "sf_abcdefgh", "sf_abcdefgh-short", "sf_ABCDEFGH-" + "x" * 32]
)
def test_text_that_is_no_key_has_no_public_part(text: str) -> None:
    assert public_part(text) is None


@given(st.text())
def test_any_text_can_be_asked_for_its_public_part(text: str) -> None:
    assert public_part(text) is None or text.startswith("sf_")
