"""Secrets are redacted, and what a device sent becomes a line that can be stored and shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.redaction import redacted, told

KEY = "sf_7k2m9q4x-" + "Ab3-_" * 6 + "zz"
TOKEN = "sft_" + "Token" * 8


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"Not Found: /in/{KEY}/typo", "Not Found: /in/sf_7k2m9q4x-…/typo"),
        (f"Not Found: /api/v1/{KEY}/telemetr", "Not Found: /api/v1/sf_7k2m9q4x-…/telemetr"),
        (f"Bearer {TOKEN}.", "Bearer sft_…."),
        ("/weatherstation/ID=x&PASSWORD=hunter2&tempf=1", "/weatherstation/ID=x&PASSWORD=…&tempf=1"),
        ("/data/repor/?PASSKEY=34:27:13&x=1", "/data/repor/?PASSKEY=…&x=1"),
        ("siteAuthenticationKey=123456 and", "siteAuthenticationKey=… and"),
        ("/write?u=me&p=secret", "/write?u=me&p=…"),
        ('{"PASSKEY": "0123", "tempf": 1}', '{"PASSKEY": "…", "tempf": 1}'),
        ("{'password':'hunter2'}", "{'password':'…'}"),
        ("nothing of the kind: temp=1, sf_7k2m9q4x", "nothing of the kind: temp=1, sf_7k2m9q4x"),
    ],
)
def test_secrets_become_an_ellipsis_and_the_rest_stays(line: str, expected: str) -> None:
    assert redacted(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("em:0", "em:0"),
        ("two\nlines\tand a \x00 bell\x07", "two lines and a bell"),
        ("a\u202eb", "a b"),
        ("किताब\u200d", "किताब\u200d"),
        ("half \ud83d of a pair", "half ? of a pair"),
        ("console 0123456789ABCDEF0123456789abcdef sends", "console … sends"),
        ("70B3D57ED0000001", "70B3D57ED0000001"),
        ("x" * 41, "x" * 39 + "…"),
    ],
)
def test_text_of_a_device_becomes_one_line(text: str, expected: str) -> None:
    assert told(text, 40) == expected


@given(st.text(), st.integers(1, 60))
def test_any_text_can_be_stored_and_is_short_enough(text: str, most: int) -> None:
    line = told(text, most)

    assert len(line) <= most
    assert "\0" not in line
    assert line.encode().decode() == line


@given(st.text(), st.text(), st.integers(60, 200))
def test_a_secret_that_is_cut_is_not_shown_in_part(before: str, after: str, most: int) -> None:
    assert KEY[12:] not in told(before + KEY + after, most)
