"""Pages and files of a door's reports, as readers see them: the words, the table, the CSV file and the PDF."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")
ADDRESSES = ("", "2026/10/", "2026/", "2026/10.csv", "2026.csv", "2026/W43/", "2026-10-20--2026-11-03/")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 5, 12, 10, tzinfo=UTC), tick=False):
        yield


def local(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WARSAW).astimezone(UTC)


OPENED = [
    (local(3, 8, 5), local(3, 8, 11)),
    (local(3, 16, 30), local(3, 17, 30)),
    (local(14, 13, 5), local(14, 15, 10)),
    (local(24, 23, 30), local(25, 4, 0)),  # the clocks go back: 5 h 30 min
]
SILENT = (local(18, 6), local(19, 18))


def keep(sensor: Sensor, name: str = "door_open", **others: Any) -> None:
    """Store a reading each half hour from 28 September to 5 November, and where the door moves."""
    half_hours = [local(28, 0, month=9) + timedelta(minutes=30) * step for step in range(48 * 38 + 28)]
    at = sorted({*half_hours, *(each for pair in OPENED for each in pair)})
    store(
        sensor,
        [
            (each, {name: any(begin <= each < end for begin, end in OPENED), **others})
            for each in at
            if not SILENT[0] < each < SILENT[1]
        ],
    )


@pytest.fixture
def shop(cast: Cast) -> Cast:
    keep(cast.sensor)
    return cast


def get(operator: Operator, sensor: Sensor, address: str) -> Any:
    client = Client()
    client.force_login(operator)
    return client.get(f"/sensors/{sensor.uuid}/reports/{address}")


def page(cast: Cast, address: str) -> str:
    answer = get(cast.owner, cast.sensor, address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).replace("\u00a0", " ").split())


def rows(html: str) -> list[str]:
    table = re.search(r'<div class="table climate".*?</table>', html, re.DOTALL)
    assert table
    return [words(f"<main {row}") for row in re.findall(r"<tr.*?</tr>", table[0], re.DOTALL)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_owner_and_member_read_reports_and_an_outsider_does_not(shop: Cast, address: str) -> None:
    assert get(shop.owner, shop.sensor, address).status_code == 200
    assert get(shop.member, shop.sensor, address).status_code == 200

    answer = get(shop.outsider, shop.sensor, address)
    assert answer.status_code == 404
    assert "Orchard station" not in answer.content.decode()


def test_a_month_is_told_in_one_sentence_from_its_figures(shop: Cast) -> None:
    text = words(page(shop, "2026/10/"))

    # 6 min + 1 h + 2 h 5 min + 5 h 30 min
    assert "Open 4 times on 4 days; 8 h 41 min in all, longest 5 h 30 min on 24 October from 23:30." in text
    assert "3 Oct had the most, 2. 1 day has no readings" not in text
    assert "Nothing is known of 36 h in all." in text
    assert "known for 709 of 745 hours, 95.1 %" in text
    assert "Monthly report · Orchard station , Orchard October 2026" in text
    assert "Open in all 8 h 41 min 1.2 % of the time that is known" in text
    assert "Longest closed 255 h 50 min Wed 14 Oct, 15:10" not in text  # a silence ends what is known


def test_each_day_is_a_row_with_its_times_and_silences(shop: Cast) -> None:
    found = rows(page(shop, "2026/10/"))

    assert found[0] == "Day Times open In all Longest at First Last No data"
    assert found[1] == "1 Thu · · · – – ·"
    assert found[3] == "3 Sat ▲ 2 66 min 60 min 16:30 08:05 16:30 ·".replace("66 min", "1 h 6 min").replace(
        "60 min", "1 h"
    )
    assert found[18] == "18 Sun† · · · – – 18 h"
    assert found[19] == "19 Mon† · · · – – 18 h"
    assert found[24] == "24 Sat 1 30 min 30 min 23:30 23:30 23:30 ·"
    assert found[25] == "25 Sun 1 ▲ 5 h ▲ 5 h 00:00 – – ·"  # open when it began
    assert found[-1] == "October† 4 8 h 41 min 5 h 30 min 24 Oct 08:05 23:30 36 h"


def test_the_picture_has_a_column_for_each_day_and_marks_silences(shop: Cast) -> None:
    html = page(shop, "2026/10/")

    (opened,) = re.findall(r'<path class="k4" d="([^"]+)"', html)
    (silent,) = re.findall(r'<path class="silent" d="([^"]+)"', html)
    assert opened.count("M") == 5  # four openings, one of them on two days
    assert silent.count("M") == 2
    assert "<script" not in re.sub(r"<script[^>]*(importmap|module).*?</script>", "", html, flags=re.DOTALL)


def test_days_are_counted_by_limits_that_one_may_change(shop: Cast) -> None:
    text = words(page(shop, "2026/10/"))
    assert "Days open once or more 4" in text
    assert "For long 60 min or more in all 3" in text
    assert "Never open of days known as a whole 25" in text
    assert "None this time: often (10 times or more)." in text

    changed = words(page(shop, "2026/10/?times=2&minutes=300"))
    assert "Often 2 times or more 1" in changed
    assert "For long 300 min or more in all 1" in changed


def test_streaks_and_records_are_those_of_the_readings(shop: Cast) -> None:
    text = words(page(shop, "2026/10/"))

    assert "Longest run of days open 2 days, 24–25 Oct" in text
    assert "Longest run of days never open 10 days, 4–13 Oct" in text
    assert "Earliest of a day 08:05, 3 Oct" in text
    assert "Latest of a day 23:30, 24 Oct" in text
    assert "Most times open on a day 2 times 3 Oct 2 times 3 Oct" in text


def test_a_year_has_its_months_and_a_square_for_each_day(shop: Cast) -> None:
    html = page(shop, "2026/")
    found = rows(html)

    assert found[0] == "Month Times open Days In all Share Longest On No data"
    assert found[1].startswith("September † 0 0 · 0.0 % · – 648 h")
    assert found[2] == "October † 4 4 8 h 41 min 1.2 % 5 h 30 min 24 Oct 36 h"
    assert found[-1].startswith("2026 4 4 8 h 41 min")
    assert len(re.findall(r'<rect\s+class="(?:h\d|blank)"', html)) == 365
    assert len(re.findall(r'<rect\s+class="h[1-4]"', html)) == 4
    assert "<title>25 Oct: open 5\u00a0h</title>" in html


def test_the_index_counts_each_month(shop: Cast) -> None:
    text = words(page(shop, ""))

    assert "Door, times open; below it for how long" in text
    assert "2026 – – – – – – – – 0† 4 8 h 41 min 0 –" in text


def test_weeks_and_any_days_have_reports(shop: Cast) -> None:
    assert "Week 43 of 2026" in words(page(shop, "2026/W43/"))
    text = words(page(shop, "2026-10-25--2026-10-25/"))
    assert "Open once, 5 h, from 00:00." in text
    assert "known for 25 of 25 hours, 100 %" in text


def test_a_period_before_any_reading_is_one_sentence(shop: Cast) -> None:
    assert "No readings are stored of March 2026." in words(page(shop, "2026/03/"))
    assert get(shop.owner, shop.sensor, "2026/12/").status_code == 404


def test_the_csv_has_seconds_and_instants(shop: Cast) -> None:
    found = list(csv.DictReader(io.StringIO(get(shop.owner, shop.sensor, "2026/10.csv").content.decode())))

    assert len(found) == 31
    assert found[24] == {
        "day": "2026-10-25",
        "seconds": "90000",
        "door_open_known [s]": "90000",
        "door_open_open_times": "1",
        "door_open_open [s]": "18000",
        "door_open_open_longest [s]": "18000",
        "door_open_open_longest_at": "2026-10-25T00:00:00+02:00",
        "door_open_open_first_at": "",
        "door_open_open_last_at": "",
    }
    assert found[17]["door_open_known [s]"] == "21600"


def test_there_is_no_text_of_it_and_the_page_links_none(shop: Cast) -> None:
    answer = get(shop.owner, shop.sensor, "2026/10.txt")

    assert answer.status_code == 404
    assert "this report is about a state: there is none" in answer.content.decode()
    assert "2026/10.txt" not in page(shop, "2026/10/")
    assert get(shop.owner, shop.sensor, "2026.txt").status_code == 404


@pytest.mark.parametrize("address", ["2026/10", "2026", "2026/W43"])
def test_the_pdf_has_the_figures_of_the_page(shop: Cast, address: str) -> None:
    answer = get(shop.owner, shop.sensor, f"{address}.pdf")
    assert answer.status_code == 200
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages]

    said = re.sub(r"\s+", "", "".join(sheets))
    html = page(shop, f"{address}/")
    for row in rows(html)[1:]:
        assert re.sub(r"\s+", "", row) in said, row
    summary = re.search(r'<p class="say">(.*?)</p>', html, re.DOTALL)
    assert summary
    assert re.sub(r"\s+", "", summary[1]) in said
    assert len(sheets) <= 2


def test_a_freezer_with_a_door_tells_both(cast: Cast) -> None:
    keep(cast.sensor, temperature=-20.0, freezer_temperature=-20.0)
    html = page(cast, "2026/10/")

    assert "Mean −20.0 °C" in words(html)
    assert "Open 4 times on 4 days; 8 h 41 min in all" in words(html)
    assert "Door times open in all" in rows(html)[0]
    assert rows(html)[3].endswith("▲ 2 1 h 6 min")
    assert rows(html)[-1].endswith("4 8 h 41 min")
    line = list(csv.DictReader(io.StringIO(get(cast.owner, cast.sensor, "2026/10.csv").content.decode())))[13]
    assert (line["door_open_open_times"], line["door_open_open [s]"]) == ("1", "7500")
    year = words(page(cast, "2026/"))
    assert "8 h 41 min" in year
    assert get(cast.owner, cast.sensor, "2026/10.txt").status_code == 200


def test_a_mode_tells_its_states_by_how_long_they_lasted(cast: Cast) -> None:
    at = [local(1, 0) + timedelta(minutes=30) * step for step in range(48 * 20)]
    store(
        cast.sensor,
        [(each, {"mode": ("idle", "idle", "heat", "idle", "off")[place % 5]}) for place, each in enumerate(at)],
    )
    html = page(cast, "2026/10/")

    # Half-hours: of each five, three idle, one heat, one off.
    assert "Idle 288 h (60.0 %), heat 96 h (20.0 %), off 95 h 30 min (19.9 %)." in words(html)
    assert rows(html)[0] == "Day Changes Idle Heat Off No data"
    assert rows(html)[1].startswith("1 Thu ")
    found = list(csv.DictReader(io.StringIO(get(cast.owner, cast.sensor, "2026/10.csv").content.decode())))
    assert found[0]["mode idle [s]"] == "52200"
    assert words(page(cast, "2026/")).count("Idle") > 0


def test_a_text_of_a_state_is_escaped(cast: Cast) -> None:
    at = [local(1, 0) + timedelta(minutes=30) * step for step in range(48 * 5)]
    store(cast.sensor, [(each, {"mode": "<b>=1+1"}) for each in at])

    assert "<b>=1" not in page(cast, "2026/10/")
    head = get(cast.owner, cast.sensor, "2026/10.csv").content.decode().splitlines()[0]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in next(csv.reader([head])))
