"""Conversion of paths in the syntax before JSONPath."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.polling.old_paths import in_jsonpath
from sensorfusion.ingest.polling.paths import Answer, parse


@pytest.mark.parametrize(
    ("path", "newer"),
    [
        ("main", "$.main"),
        ("wind.speed_2", "$.wind.speed_2"),
        ("rain.1h", "$.rain['1h']"),
        ('["a\\b"]', "$['a\\\\b']"),
        ('["it\'s"].x', "$['it\\'s'].x"),
        ("list[-01]", "$.list[-1]"),
        ("list[t=1.5]", "$.list[?@.t==1.5 || @.t=='1.5']"),
        ("list[t=1.50]", "$.list[?@.t=='1.50']"),
        ("list[t=None]", "$.list[?@.t==null || @.t=='None']"),
        ("list[a-b=x y]", "$.list[?@['a-b']=='x y']"),
    ],
)
def test_old_path_is_rewritten(path: str, newer: str) -> None:
    assert in_jsonpath(path) == newer
    assert parse(newer).text == newer


@pytest.mark.parametrize("text", ["", "$", "$.", "a..b", "a.", "a b", "list[", "list[x", "[?@=1]", "a[1]b", "a[1]."])
def test_what_was_no_path_is_left_alone(text: str) -> None:
    assert in_jsonpath(text) is None


@given(st.text(min_size=1, max_size=20).filter(lambda name: name.isprintable() and not set(name) & set('"]')))
def test_every_name_that_was_quoted_leads_to_its_member(name: str) -> None:
    newer = in_jsonpath(f'["{name}"]')

    assert newer is not None
    assert Answer({name: 7}).find(parse(newer)) == 7
