"""JSON as devices write it: one value that is no JSON never costs the others, and strings stay as they were sent."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.repeated import Repeated
from sensorfusion.ingest.steps.lenient_json import MOST_MENDS, NotMendable, decode_leniently

NAN = ["nan", "NaN", "NAN", "-nan", "+nan", "-NaN", "nan(ind)", "-nan(ind)", "1.#QNAN", "-1.#IND", "None", "NULL"]
INFINITE = ["Infinity", "inf", "INF", "+inf", "1.#INF", "ovf", "1e999", "9" * 400]
scalars = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["nan,", "{,}", ":}", '"', "\\", "\\n", "°C", "[1,,2]", "\n\t", "\0", "// x", "\\u12", ",,"]
)
documents = st.recursive(
    scalars | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def decoded(text: str) -> Any:
    return decode_leniently(text.encode())


@given(documents, st.booleans(), st.sampled_from([None, 1]))
def test_json_is_decoded_as_it_is(document: object, is_escaped: bool, indent: int | None) -> None:
    assert decoded(json.dumps(document, ensure_ascii=is_escaped, indent=indent)) == document


@pytest.mark.parametrize("word", NAN)
def test_not_a_number_is_a_missing_value(word: str) -> None:
    assert decoded(f'{{"a":{word},"b":[1,{word}],"c":2}}') == {"a": None, "b": [1, None], "c": 2}


@pytest.mark.parametrize("word", INFINITE)
def test_infinity_is_kept_for_the_checks_to_reject(word: str) -> None:
    assert decoded(f'{{"a":{word},"b":1}}') == {"a": math.inf, "b": 1}
    assert decoded(f'{{"a":-{word.lstrip("+")},"b":1}}') == {"a": -math.inf, "b": 1}


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ('{"a":080}', {"a": 80}),
        ('{"a":-.5}', {"a": -0.5}),
        ('{"a":5.}', {"a": 5.0}),
        ('{"a":+21.5}', {"a": 21.5}),
        ('{"a":+123456789012345678901234567890}', {"a": 1.2345678901234568e29}),
        ('{"a":True,"b":FALSE}', {"a": True, "b": False}),
        ('{"a":ON,"b":--,"c":21.5°C}', {"a": "ON", "b": "--", "c": "21.5°C"}),
        ('{"d":0x1F,"e":1_000}', {"d": "0x1F", "e": "1_000"}),
        ('{"a":1,}', {"a": 1}),
        ('[1,2 , ]', [1, 2]),
        ('{"a":,"b": }', {"a": None, "b": None}),
        ('{"a":1,,"b":2}', {"a": 1, "b": 2}),
        ('[1,,2]', [1, None, 2]),
        ('{,"a":1}', {"a": 1}),
        ('[,1]', [None, 1]),
        ('[{"a":1},,{"b":2},]', [{"a": 1}, None, {"b": 2}]),
        ('{"a":"x\ny\tz\x01","b":1}', {"a": "x\ny\tz\x01", "b": 1}),
        ('{"a":"C:\\data\\x41\\u12","b":"\\u0041\\\\"}', {"a": "C:\\data\\x41\\u12", "b": "A\\"}),
        ('{"a":"\\ud83d","b":"\\ud83d\\ude00","c":"\\\\ud83d"}', {"a": "\ufffd", "b": "😀", "c": "\\ud83d"}),
        ('\0 \x1a{"a"\x01:\x0b1\u00a0,\x00"b":2}\0\0', {"a": 1, "b": 2}),
        ('{"a":1,"a":2,"b":3,"b":3}', {"a": Repeated(1, 2), "b": 3}),
    ],
)  # fmt: skip
def test_slips_of_programs_that_print_json_are_read(sent: str, meant: object) -> None:
    assert decoded(sent) == meant


@pytest.mark.parametrize(
    "sent",
    [
        "", " ", "{", '{"a":1', '{"a" 1}', "{'a':1}", "{a:1}", '{"a":\'x\'}', '{"a":1} // c', '{"a":/* c */1}',
        '{"a":1}#', '{"a":21,5,"b":2}', '{"a":1}{"b":2}', '{"a":12:30}', '{"a":1 2}', "<html>", "temperature=21",
        '{"a"}', '["a":1]', '{"a":]', "[" * 5000 + "]" * 5000, "abc", '{"a":"x}',
    ],
)  # fmt: skip
def test_what_may_mean_several_things_is_refused(sent: str) -> None:
    with pytest.raises(NotMendable):
        decoded(sent)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_and_zeros_of_encodings_are_read(encoding: str) -> None:
    assert decode_leniently('{"température":21.5}'.encode(encoding)) == {"température": 21.5}


def test_big_endian_mark_is_read() -> None:
    assert decode_leniently(b"\xfe\xff" + '{"a":"°"}'.encode("utf-16-be")) == {"a": "°"}


def test_bytes_of_an_older_encoding_are_kept_readably_beside_utf_8() -> None:
    sent = b'{"Stra\xdfe":"21.5 \xb0C","price":"\x80 \x81","unit":"\xc2\xb0C"}'

    assert decode_leniently(sent) == {"Straße": "21.5 °C", "price": "€ \x81", "unit": "°C"}


def test_a_body_of_nothing_but_slips_is_refused() -> None:
    assert len(decoded("[" + "nan," * MOST_MENDS + "1]")) == MOST_MENDS + 1
    with pytest.raises(NotMendable):
        decoded("[" + "nan," * (MOST_MENDS + 1) + "1]")


@given(st.text(alphabet="{}[]:,\"\\ \n\0naif0159.eE+-xuU\ufeff\ud800°é/#'", max_size=60))
def test_any_text_is_decoded_or_refused(text: str) -> None:
    try:
        found = decode_leniently(text.encode("utf-8", "surrogatepass"))
    except NotMendable:
        return
    json.dumps(found).encode()
