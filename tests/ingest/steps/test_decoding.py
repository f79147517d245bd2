import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.repeated import Repeated
from sensorfusion.ingest.steps.decoding import NotJson, decode_json, is_json_line

names = st.sampled_from(["a", "b", "c", "values", 'x":', '" :'])
scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.text('":{} a', max_size=4)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=15
)


@given(documents, st.sampled_from([(",", ":"), (", ", ": "), (", ", " : ")]))
def test_json_without_repeated_names_is_decoded_as_it_is(document: object, separators: tuple[str, str]) -> None:
    assert decode_json(json.dumps(document, separators=separators).encode()) == document


@given(documents, documents, st.sampled_from([":", ": ", " : "]))
def test_a_name_with_two_values_is_found_wherever_it_is(one: object, other: object, colon: str) -> None:
    pair = f'{{"n"{colon}{json.dumps([one])},"n"{colon}{json.dumps([one, other])}}}'
    expected = {"n": Repeated([one], [one, other])}

    assert decode_json(pair.encode()) == expected
    assert decode_json(f'[0,[{{"o"{colon}{pair}}}]]'.encode()) == [0, [{"o": expected}]]


def test_a_value_that_is_no_json_does_not_cost_the_others() -> None:
    assert decode_json(b'\xef\xbb\xbf{"a":nan,"b":-Infinity,"c":21.5}') == {"a": None, "b": -math.inf, "c": 21.5}


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"abc", "JSON is malformed: invalid character (byte 0)"),
        (b'{"a":1', "Input data was truncated"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"a":' * 100_000, "it is nested too deeply"),
        (b'{"a":21,5}', "JSON is malformed: object keys must be strings (byte 8)"),
    ],
)
def test_the_reason_is_that_of_the_strict_decoder(sent: bytes, why: str) -> None:
    with pytest.raises(NotJson) as refused:
        decode_json(sent)
    assert why in str(refused.value)


def test_a_line_is_json_if_it_is_a_reading_by_itself() -> None:
    assert is_json_line(b'{"a":nan}\r')
    assert not is_json_line(b"[")
    assert not is_json_line(b"1")
