"""Binary arrays are decoded by PostgreSQL to the same values, whatever they contain."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import connect
from psycopg.pq import ExecStatus, Format

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.storing import arrays

pytestmark = pytest.mark.django_db(transaction=True)
Read = Callable[[str, bytes], list[Any]]
given_anything = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)


@pytest.fixture
def read(db: None) -> Any:
    """Return PostgreSQL's reading of an array: its elements as texts."""
    with connect(conninfo(), autocommit=True) as connection:

        def as_texts(type_: str, array: bytes) -> list[Any]:
            elements = f"unnest($1::{type_}[]) WITH ORDINALITY AS element (value, place)"
            query = f"SELECT json_agg(value::text ORDER BY place) FROM {elements}"
            result = connection.pgconn.exec_params(query.encode(), [array], param_formats=[Format.BINARY])
            assert result.status == ExecStatus.TUPLES_OK, result.get_error_message()
            texts: list[Any] = json.loads(result.get_value(0, 0) or b"null")
            return texts

        yield as_texts


@given_anything
@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1))
def test_integers(read: Read, numbers: list[int]) -> None:
    assert read("int", arrays.integers(numbers)) == [str(number) for number in numbers]


@given_anything
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_bigints(read: Read, numbers: list[int]) -> None:
    assert read("bigint", arrays.bigints(numbers)) == [str(number) for number in numbers]


@given_anything
@given(
    st.lists(
        st.none() | st.datetimes(datetime(1850, 1, 1), datetime(2500, 1, 1), timezones=st.just(UTC)),
        min_size=1,
    )
)
def test_instants_keep_their_microseconds(read: Read, times: Sequence[datetime | None]) -> None:
    found = read("timestamptz", arrays.instants(times))

    assert [None if text is None else datetime.fromisoformat(text + ":00").astimezone(UTC) for text in found] == times


def test_instants_of_other_zones_are_the_same_instants(read: Read) -> None:
    at = datetime(2026, 11, 22, 6, tzinfo=UTC)

    assert arrays.instants([at.astimezone(timezone(timedelta(hours=5, minutes=45)))]) == arrays.instants([at])


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given_anything
@given(st.lists(st.just(...) | _JSON, min_size=1))
def test_documents_keep_every_character(read: Read, given_: list[Any]) -> None:
    texts = [None if each is ... else json.dumps(each, ensure_ascii=False).encode() for each in given_]
    found = read("jsonb", arrays.documents(texts))

    assert [... if text is None else json.loads(text) for text in found] == given_
