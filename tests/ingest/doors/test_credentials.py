import pytest

from sensorfusion.domain.repeated import Repeated
from sensorfusion.ingest.doors.credentials import MOST_CHARACTERS, MOST_FIELDS, fields_of, values_of
from sensorfusion.ingest.steps.refused import RequestRefused


def test_field_with_two_values_is_known_where_values_are_read() -> None:
    text = "api_key=k&field1=1&field1=2&field2=3&field2=3"

    assert values_of(text) == {"api_key": "k", "field1": Repeated("1", "2"), "field2": "3"}
    assert fields_of(text) == {"api_key": "k", "field1": "2", "field2": "3"}


def test_codes_that_are_none_and_bytes_of_an_older_encoding_cost_no_field() -> None:
    assert fields_of("a=%zz&stra%DFe=100%&unit=%C2%B0C&n=1\0") == {"a": "%zz", "straße": "100%", "unit": "°C", "n": "1"}


@pytest.mark.parametrize("text", ["&".join(f"a{n}=1" for n in range(MOST_FIELDS + 1)), "a" * (MOST_CHARACTERS + 1)])
def test_more_than_a_client_sends_is_refused(text: str) -> None:
    with pytest.raises(RequestRefused):
        fields_of(text)
