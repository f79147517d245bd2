import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.encodings import decode_text, in_utf8, unquote_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("21.5 °C".encode(), "21.5 °C"),
        (b"\xef\xbb\xbf21.5", "21.5"),
        (b"21.5 \xb0C, 43 \xc2\xb0", "21.5 °C, 43 °"),
        (b"\x80\x81", "€\x81"),
        ("°C".encode("utf-16"), "°C"),
        (b"\xfe\xff" + "°C".encode("utf-16-be"), "°C"),
        ("temp".encode("utf-16-le"), "temp"),
        ("temp".encode("utf-16-be"), "temp"),
        (b"\0\0temp", "\0\0temp"),
        (b"", ""),
        (b"\0", "\0"),
    ],
)
def test_bytes_become_the_characters_that_were_meant(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


@given(st.binary(max_size=40))
def test_every_byte_becomes_a_character_that_can_be_stored(raw: bytes) -> None:
    decode_text(raw).encode()


def test_lines_are_split_as_utf_8() -> None:
    assert in_utf8('{"ä":1}\n'.encode("utf-16")) == '{"ä":1}\n'.encode()
    assert in_utf8(b"\xe4\n") == b"\xe4\n"


@pytest.mark.parametrize(
    ("quoted", "text"),
    [
        ("a+b", "a b"),
        ("%C2%B0C", "°C"),
        ("%B0C", "°C"),
        ("100%", "100%"),
        ("%zz%4", "%zz%4"),
        ("%41%zz", "A%zz"),
        ("ä%B0", "ä°"),
    ],
)
def test_codes_of_both_encodings_are_decoded_and_others_stay(quoted: str, text: str) -> None:
    assert unquote_text(quoted) == text
