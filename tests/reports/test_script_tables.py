import re
from pathlib import Path
from typing import get_args

from sensorfusion.domain.liveness import State
from sensorfusion.domain.weather.derived import WORDS
from sensorfusion.reports.charts.spans import RANGES
from sensorfusion.reports.script_tables import tables

SCRIPTS = Path(__file__).parents[2] / "sensorfusion/web/static/js"
USED = re.compile(r"\btables\.(\w+)")


def test_every_word_has_an_interval() -> None:
    for name, each in WORDS.items():
        assert len(each.words) == len(each.edges) + 1, name
        assert list(each.edges) == sorted(each.edges), name


def test_each_table_is_used_by_scripts_and_nothing_else_is_asked_for() -> None:
    text = "".join(each.read_text(encoding="utf-8") for each in SCRIPTS.rglob("*.js"))

    assert set(USED.findall(text)) == tables().keys()


def test_each_range_has_words_and_bars() -> None:
    found = tables()["ranges"]

    assert list(found) == list(RANGES)
    assert all(each["words"] and each["bar_s"] for each in found.values())


def test_words_of_states_are_of_states() -> None:
    found = tables()

    assert {*found["counted"], *found["leads"]} <= {*get_args(State)}
    assert found["counted"].keys() == {*get_args(State)} - {"live"}
