"""Sentences about the states of a day in German; the English ones are those of `tests/reports/same_spans.py`."""

from django.utils import translation

from sensorfusion.domain.quantities.spans import Span, Spans
from sensorfusion.reports.kinds.span_words import Vocabulary, headline, today

DOOR = Vocabulary({"false": "geschlossen", "true": "offen"}, only="true")
BAND = Vocabulary({"within": "im Bereich", "above": "darüber"}, counted=("above",), share="within")


def test_openings_of_a_door_are_counted_in_german() -> None:
    closed = Spans([Span("false", 0, 3600)], 0, 3600, 600)
    opened = Spans([Span("false", 0, 600), Span("true", 600, 660), Span("false", 660, 3600)], 0, 3600, 600)
    twice = Spans([*opened.spans, Span("true", 3600, 4500)], 0, 4500, 600)

    with translation.override("de"):
        assert today(closed, ["false"], DOOR, 3600) == "heute nie offen"
        assert today(opened, ["true"], DOOR, 3600) == "heute einmal offen, insgesamt 60\u00a0s"
        assert today(twice, ["true"], DOOR, 4800) == (
            "heute 2-mal offen, insgesamt 16\u00a0min · ohne Daten 5\u00a0min"
        )


def test_share_of_a_band_has_a_decimal_comma_in_german() -> None:
    day = Spans([Span("within", 0, 7000), Span("above", 7000, 7200)], 0, 7200, 600)

    with translation.override("de"):
        assert today(day, ["within", "above"], BAND, 7200) == (
            "im Bereich 1\u00a0h 57\u00a0min (97,2\u00a0%) · darüber 3\u00a0min, einmal"
        )


def test_present_state_in_german_says_since_when() -> None:
    with translation.override("de"):
        assert headline("offen", "14:02", "14:30", is_current=True, is_exact=True) == "Offen seit 14:02"
        assert headline("offen", "14:02", "14:30", is_current=True, is_exact=False) == "Offen seit 14:02 oder früher"
        assert headline("offen", "14:02", "14:30", is_current=False, is_exact=True) == (
            "Offen bis 14:30, danach keine Daten"
        )
