"""JSONPath to values of an answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.polling import paths
from sensorfusion.ingest.polling.paths import Answer, BadPath, Nothing, TooMuchWork, in_current_spelling, parse

ANSWER: dict[str, Any] = {
    "main": {"temp": 298.48, "odd name": 1, "0": "zero", "nothing": None, "it's": 2, "größe": 3},
    "weather": [{"id": 501}, {"id": 502}],
    "temperature:0": {"tC": 21.5},
    "rows": [{"type": 3, "bar": 30.0}, {"type": 1, "temp": 62.7}, {"type": "a b", "temp": 1, "on": True}],
}


def found(path: str, answer: object = ANSWER) -> object:
    return Answer(answer).find(parse(path))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.main.temp", 298.48),
        ("$['main']['temp']", 298.48),
        ('$["main"].temp', 298.48),
        ("$.main['odd name']", 1),
        ("$.main['0']", "zero"),
        ("$.main['it\\'s']", 2),
        ("$.main.größe", 3),
        ("$.main['gr\\u00f6ße']", 3),
        ("$.weather[0].id", 501),
        ("$.weather[-1].id", 502),
        ("$['temperature:0'].tC", 21.5),
        ("$.rows[?@.type==1].temp", 62.7),
        ("$.rows[?@.type == 'a b'].temp", 1),
        ("$.rows[?@.on].type", "a b"),
        ("$.rows[?!@.bar && @.temp > 50].type", 1),
        ("$.rows[?(@.type==9 || 2 < @['type'])].bar", 30.0),
        ("$.rows[?@.on==true].temp", 1),
        ("$.main[?@==1]", 1),
        ("$.main.nothing", None),
        ("$.main.rain", Nothing),
        ("$.main.temp.deeper", Nothing),
        ("$.weather[7].id", Nothing),
        ("$.weather.id", Nothing),
        ("$.main[0]", Nothing),
        ("$.rows[?@.type==9].temp", Nothing),
        ("$.rows[?@.type=='1'].temp", Nothing),
        ("$", ANSWER),
    ],
)
def test_path_leads_to_the_value(path: str, value: object) -> None:
    assert found(path) == value
    assert in_current_spelling(path) == path


def test_filter_stands_for_the_first_match_even_where_only_a_later_one_goes_on() -> None:
    """Check that values of one transmitter are not mixed with those of another."""
    assert found("$[?@.type==1].temp", [{"type": 1}, {"type": 1, "temp": 5}]) is Nothing


def test_text_at_the_top_is_not_read_as_json_again() -> None:
    assert found("$.a", '{"a": 1}') is Nothing
    assert found("$", '{"a": 1}') == '{"a": 1}'


@pytest.mark.parametrize(
    ("path", "newer", "value"),
    [
        ("main.temp", "$.main.temp", 298.48),
        (".main.temp", "$.main.temp", 298.48),
        ("main.0", "$.main['0']", "zero"),
        ("$.main.0", "$.main['0']", "zero"),
        ('main["odd name"]', "$.main['odd name']", 1),
        ('main["it\'s"]', "$.main['it\\'s']", 2),
        ("main.größe", "$.main['größe']", 3),
        ("weather[0].id", "$.weather[0].id", 501),
        ("weather[-1].id", "$.weather[-1].id", 502),
        ('["temperature:0"].tC', "$['temperature:0'].tC", 21.5),
        ("temperature:0.tC", "$['temperature:0'].tC", 21.5),
        ("rows[type=1].temp", "$.rows[?@.type==1 || @.type=='1'].temp", 62.7),
        ('$.rows[type="a b"].temp', "$.rows[?@.type=='a b'].temp", 1),
        ("rows[on=True].temp", "$.rows[?@.on==true || @.on=='True'].temp", 1),
        ("rows[type=9].temp", "$.rows[?@.type==9 || @.type=='9'].temp", Nothing),
        ("main.rain", "$.main.rain", Nothing),
    ],
)
def test_spelling_of_before_jsonpath_leads_to_the_same_value(path: str, newer: str, value: object) -> None:
    assert found(path) == value
    assert in_current_spelling(path) == newer
    assert found(newer) == value


@pytest.mark.parametrize("kind", [1, "1"], ids=["number", "text"])
def test_spelling_of_before_jsonpath_compares_numbers_with_texts(kind: object) -> None:
    assert found("rows[type=1].temp", {"rows": [{"type": 2}, {"type": kind, "temp": 5}]}) == 5


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("$.", "is invalid at "),
        ("$.main..temp", "several values at"),
        ("$..temp", "several values"),
        ("$.main.*", "several values"),
        ("$.list[0,1]", "several values"),
        ("$.list[0:1]", "several values"),
        ("$.list[", "is invalid at"),
        ("$.a b", "is invalid at b"),
        ("$.a[1]b", "is invalid at b"),
        ("$[99999999999999999999]", "out of range"),
        ("$[?@.a=~'x']", "is invalid at"),
        ("$[?match(@.a, 'x.*')]", "filter that is not supported"),
        ("$[?search(@.a, '(a+)+b')]", "filter that is not supported"),
        ("$[?length(@.a)==1]", "filter that is not supported"),
        ("$[?@.a==@.b]", "filter that is not supported"),
        ("$[?@.a==$.b]", "filter that is not supported"),
        ("$[?@..a==1]", "is invalid at"),
        ("$[?@.*]", "filter that is not supported"),
        ("$[?@[?@.a==1]]", "filter that is not supported"),
        ("$[?1==1]", "filter that is not supported"),
        ("$[?@=1]", "is invalid at =1"),
        ("$[?@.a==1e999]", "cannot be read"),
        ("$" + ".x" * 21, "more than 20 steps"),
        ("$." + "x" * 1000, "more than 1000 characters"),
        ("$[?" + "@[?" * 200 + "@" + "]" * 201, "cannot be read|filter that is not supported"),
        ("main.", "does not begin with"),
        ("main..temp", "does not begin with"),
        ("list[x", "does not begin with"),
        ("a b", "does not begin with"),
        ('[""]', "does not begin with"),
        ("", "does not begin with"),
    ],
)
def test_what_is_no_path_to_one_value_is_refused_with_a_reason(path: str, reason: str) -> None:
    with pytest.raises(BadPath, match=reason):
        parse(path)


def test_filters_of_an_answer_share_one_allowance() -> None:
    rows = [{"type": 0}] * (paths.MOST_COMPARISONS // 2)
    answer = Answer({"rows": rows, "first": 1})

    assert answer.find(parse("$.rows[?@.type==1]")) is Nothing
    assert answer.find(parse("$.rows[?@.type==0]")) == {"type": 0}
    with pytest.raises(TooMuchWork):
        answer.find(parse("$.rows[?@.type==1 || @.type=='1']"))


def test_search_ends_at_the_allowance_however_long_the_list_is() -> None:
    with pytest.raises(TooMuchWork):
        found("$[?@.type==1].temp", [{"type": 0}] * paths.MOST_COMPARISONS + [{"type": 1, "temp": 5}])


@given(
    st.text(max_size=40) | st.from_regex(r"\$([.\[?@()'\"a=1!&|<\]*:,-]{0,30})", fullmatch=True),
    st.recursive(
        st.none() | st.integers() | st.text() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("a"), inner),
        max_leaves=8,
    ),
)
def test_no_text_and_no_answer_raise_anything_else(text: str, answer: object) -> None:
    try:
        path = parse(text)
    except BadPath:
        return
    Answer(answer).find(path)
