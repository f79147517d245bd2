"""Numbers in text and many quantities of one reading, through the real pipeline."""

from datetime import timedelta

import pytest

from sensorfusion.clock import utc_now
from tests.cases import player
from tests.cases.bench import bench, rows, sender
from tests.cases.doors import EXAMPLES, Ask, Reading
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
OWN, THINGSBOARD = (
    next(each for each in EXAMPLES if each.name == name and each.way == "http") for name in ("readings", "thingsboard")
)


def test_numbers_time_and_parts_in_text_are_read(cast: Cast) -> None:
    now = utc_now().replace(microsecond=0)
    with bench() as running:
        sensor, who = sender(THINGSBOARD, cast.site)
        case = player.request("telemetry/numbers-in-text.http", key=who.key, now=now)
        running.send(THINGSBOARD, Ask(case.path, case.body, case.method, case.headers), sensor, who)

        [(at, (values, _))] = rows(sensor).items()
    assert at == now - timedelta(minutes=1)
    assert values["temperature"] == 21.4
    assert {"gps.lat", "arr.0", "arr.2.a"} <= values.keys()
    assert "n" not in values


@pytest.mark.parametrize(("count", "left_out"), [(150, 0), (499, 0), (501, 1)])
def test_quantities_beyond_the_limit_are_left_out_and_said(cast: Cast, count: int, left_out: int) -> None:
    at = utc_now().replace(microsecond=0) - timedelta(hours=1)
    reading = Reading(at, {f"k{number}": number for number in range(count)})
    with bench() as running:
        sensor, who = sender(OWN, cast.site)
        [receipt] = running.send(OWN, OWN.encode([reading], who), sensor, who)
        [again] = running.send(OWN, OWN.encode([reading], who), sensor, who)

        assert len(rows(sensor)[at][0]) == count - left_out
    assert (receipt.accepted, [each.code for each in receipt.rejected]) == (1, ["too_many_quantities"] * left_out)
    assert (again.accepted, again.duplicates) == (0, 1)
