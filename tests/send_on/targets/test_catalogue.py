"""Each target has a document, an account in words, limits, and a test that reads back what it writes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import converter
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.send_on.targets.fields import ALTIMETER, RAIN_MIDNIGHT, kept_in
from sensorfusion.send_on.targets.target import Target
from tests.send_on.conftest import ACCOUNTS

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs/send-on.md").read_text()
SUMS = {"rain_1h", "rain_24h", RAIN_MIDNIGHT}
EACH = pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))


@EACH
def test_target_has_a_row_in_the_documentation_with_all_its_entries(target: Target) -> None:
    [row] = [line for line in DOCS.splitlines() if line.startswith(f"| `{target.slug}` |")]

    assert target.name in row
    assert set(re.findall(r"`(\w+)`", row)) >= {entry.name for entry in target.account}
    assert f" {target.interval_s} s" in row
    assert f" {target.shortest_s} s" in row


@EACH
def test_account_is_explained_in_words_and_an_example_is_taken(target: Target) -> None:
    assert {entry.name for entry in target.account} >= set(ACCOUNTS[target.slug])
    for entry in target.account:
        assert entry.label
        assert (entry.help[-1], entry.wrong[-1]) == (".", "."), entry
        assert entry.is_optional or re.fullmatch(entry.pattern, ACCOUNTS[target.slug][entry.name], re.ASCII), entry


@EACH
def test_limits_are_said_and_hold_together(target: Target) -> None:
    assert target.limits.endswith(".")
    assert target.documentation
    assert 0 < target.shortest_s <= target.interval_s <= 3600
    assert timedelta(minutes=5) <= target.stale <= timedelta(days=31)
    assert target.stale.total_seconds() >= target.interval_s
    assert target.batch == 0 or target.batch <= 1_000
    assert not target.thins or target.batch


@EACH
def test_columns_are_known_quantities_in_units_of_their_own(target: Target) -> None:
    for column in target.columns:
        assert column.quantity in CATALOGUE or column.quantity in (RAIN_MIDNIGHT, ALTIMETER)
        converter(kept_in(column.quantity), column.unit)
    names = [(column.field, column.quantity) for column in target.columns]
    assert len(names) == len(set(names))
    asked = {column.quantity for column in target.columns}
    assert set(target.rain) == asked & SUMS
    assert set(target.derives) <= asked


@EACH
def test_a_test_reads_back_what_is_written(target: Target) -> None:
    """By our own door, or by a parser of another hand."""
    name = target.write.__module__.rpartition(".")[2]
    tests = (Path(__file__).parent / f"test_{name}.py").read_text()

    assert re.search(r"def test_(our_door|aprslib|a_parser_of_the_documentation)_reads_what_", tests)
