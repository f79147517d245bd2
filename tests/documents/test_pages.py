import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import SKY, observe
from tests.storing import every, store

ADDRESSES = ("", "2026/11/", "2026/11.csv", "2026/11.txt", "2026/W47/", "2026-11-01--2026-11-03/")
NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def orchard(cast: Cast) -> Cast:
    """Hourly weather of the last 60 days."""
    observe(cast.sensor, until=datetime(2026, 11, 22, 12, tzinfo=UTC), hours=60 * 24)
    return cast


def get(operator: Operator, sensor: Sensor, address: str = "", **cookies: str) -> Any:
    client = Client()
    client.cookies.load(cookies)
    client.force_login(operator)
    return client.get(f"/sensors/{sensor.uuid}/reports/{address}")


def page(cast: Cast, address: str = "", **cookies: str) -> str:
    answer = get(cast.owner, cast.sensor, address, **cookies)
    assert answer.status_code == 200
    return str(answer.content.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def rows(html: str) -> list[str]:
    table = re.search(r'<div class="table climate".*?</table>', html, re.DOTALL)
    assert table
    return [words(row) for row in re.findall(r"<tr.*?</tr>", table[0], re.DOTALL)]


@pytest.mark.parametrize(
    "address", ["", "2026/11/", "2026/11.csv", "2026/11.txt", "2026/W47/", "2026-11-01--2026-11-03/"]
)
def test_owner_and_member_read_reports_and_an_outsider_does_not(orchard: Cast, address: str) -> None:
    assert get(orchard.owner, orchard.sensor, address).status_code == 200
    assert get(orchard.member, orchard.sensor, address).status_code == 200

    answer = get(orchard.outsider, orchard.sensor, address)
    assert answer.status_code == 404
    assert "Orchard station" not in answer.content.decode()


def test_a_month_has_its_figures_and_pictures(orchard: Cast) -> None:
    html = page(orchard, "2026/10/")
    text = words(html)

    assert "Monthly report · Orchard station , Orchard October 2026" in text
    assert "745 of 745 hours, 100 %" in text  # the clocks went back
    assert "74.5 mm of rain fell on 31 days" in text
    assert re.search(r'<path class="ribbon" d="M[^"]+"', html)
    assert re.search(r'<path class="bar" d="M[^"]+"', html)
    assert 'class="doc-rose"' in html
    assert "<script" not in re.sub(r"<script[^>]*(importmap|module).*?</script>", "", html, flags=re.DOTALL)


def test_days_stand_in_the_table_with_times_in_the_site_s_zone(orchard: Cast) -> None:
    found = rows(page(orchard, "2026/10/"))

    # The temperature is the hour in UTC: in summer time midnight is 22:00 of the day before.
    assert found[1].startswith("1 Thu 11.5 23.0 01:00 0.0 02:00 6.8 2.4 5.4 9.1 00:00 WSW")
    assert len(found) == 1 + 31 + 1
    assert found[25].startswith("25 Sun ▲ 11.")  # an hour longer; the mean of all other days is the same, so unmarked
    assert found[-1].startswith("October 11.5 23.0 1 0.0 1")


def test_a_month_under_way_says_so_and_shows_no_day_to_come(orchard: Cast) -> None:
    html = page(orchard, "2026/11/")

    assert "through 22 Nov" in html
    assert len(rows(html)) == 1 + 22 + 1
    assert "22 Sun†" not in words(html)
    assert 'rel="next"' not in html
    assert 'rel="prev"' in html


def test_gaps_are_told(cast: Cast) -> None:
    instants = [at for at in every(3600, 40 * 24, until=datetime(2026, 11, 22, 12, tzinfo=UTC)) if at.day != 7]
    store(cast.sensor, [(at, {"temperature": 5.0}) for at in instants])
    html = page(cast, "2026/11/")

    # The 7th in UTC is from 1:00 on the 7th to 1:00 on the 8th in Warsaw.
    assert rows(html)[7] == "7 Sat† 5.0 5.0 00:00 5.0 00:00 13.3"
    assert rows(html)[8].startswith("8 Sun† 5.0")
    assert "no readings" not in rows(html)[7]
    assert "† Hours are missing." in words(html)
    assert "November†" in rows(html)[-1].replace(" †", "†")


def test_a_whole_day_without_readings_is_a_row_and_a_column(cast: Cast) -> None:
    instants = [at for at in every(3600, 40 * 24, until=datetime(2026, 11, 22, 12, tzinfo=UTC)) if at.day not in (6, 7)]
    store(cast.sensor, [(at, {"temperature": 5.0}) for at in instants])
    html = page(cast, "2026/11/")

    assert rows(html)[7] == "7 Sat† no readings"
    assert html.count('class="gap"') == 1
    assert "1 day has no readings." in words(html)


def test_a_freezer_has_neither_rain_nor_wind(cast: Cast) -> None:
    at = every(3600, 100, until=datetime(2026, 11, 22, 12, tzinfo=UTC))
    store(cast.sensor, [(each, {"freezer_temperature": -18.0 - each.hour / 10}) for each in at])
    text = words(page(cast, "2026/11/"))

    assert "Rain" not in text
    assert "Wind" not in text
    assert "degree" not in text.split("Means of days")[0]


def test_a_meter_tells_what_was_consumed_on_each_day(cast: Cast) -> None:
    # Two counts an hour, from the month before on; the day of 25 hours is in October.
    at = every(3600, 30 * 24, until=datetime(2026, 11, 22, 12, tzinfo=UTC))
    store(cast.sensor, [(each, {"energy": 100.0 + 2 * number}) for number, each in enumerate(at)])
    text = words(page(cast, "2026/11/"))

    assert rows(page(cast, "2026/11/"))[1] == "1 Sun 48.00"
    assert "1036.00 kWh in all, 47.09 kWh a day; 1 Nov had the most, 48.00 kWh." in text
    assert "No readings are stored" not in text
    found = list(csv.DictReader(io.StringIO(get(cast.owner, cast.sensor, "2026/11.csv").content.decode())))
    assert {row["amount [kWh]"] for row in found[:-1]} == {"48.0000"}


def test_the_csv_has_the_page_s_days(orchard: Cast) -> None:
    answer = get(orchard.owner, orchard.sensor, "2026/10.csv")
    found = list(csv.DictReader(io.StringIO(answer.content.decode())))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="report-2026-10.csv"'
    assert len(found) == 31
    assert found[0]["day"] == "2026-10-01"
    assert found[0]["temperature_high [°C]"] == "23.000"
    assert found[0]["high_at"] == "2026-10-01T01:00:00+02:00"
    assert found[24]["hours"] == "25"


def test_the_text_has_the_same_figures(orchard: Cast) -> None:
    answer = get(orchard.owner, orchard.sensor, "2026/10.txt")
    text = answer.content.decode()

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert " 01   11.5   23.0  01:00    0.0  02:00    6.8    0.0    2.4    5.4    9.1  00:00    247\n" in text


def test_files_follow_the_reader_s_units(orchard: Cast) -> None:
    answer = get(orchard.owner, orchard.sensor, "2026/10.csv", units="us")

    assert "temperature_mean [°F]" in answer.content.decode()


def test_thresholds_of_counted_days_are_chosen_by_the_address(orchard: Cast) -> None:
    assert "summer days (high 25 °C or more)" in words(page(orchard, "2026/10/"))
    assert "Summer days high 23 °C or more 31" in words(page(orchard, "2026/10/?summer=23"))
    assert "Summer days high 73 °F or more 31" in words(page(orchard, "2026/10/?summer=73", units="us"))


@pytest.mark.parametrize("address", ["2026/12/", "2026/13/", "1700/1/", "2026/W54/", "2026-11-03--2026-11-01/"])
def test_there_are_no_other_reports(orchard: Cast, address: str) -> None:
    assert get(orchard.owner, orchard.sensor, address).status_code == 404


def test_the_index_leads_to_every_month_with_its_coverage(orchard: Cast) -> None:
    html = page(orchard)

    assert 'href="2026/10/"' in html
    assert 'aria-label="September 2026, 8 of 30 days"' in html
    assert 'aria-label="November 2026, 22 of 22 days"' in html
    assert 'href="2026/12/"' not in html


def test_the_form_of_the_index_leads_to_any_days(orchard: Cast) -> None:
    answer = get(orchard.owner, orchard.sensor, "?from=2026-11-03&to=2026-11-17")

    assert answer["Location"] == f"/sensors/{orchard.sensor.uuid}/reports/2026-11-03--2026-11-17/"


def test_a_sensor_without_readings_has_no_reports(cast: Cast) -> None:
    assert "Reports are about numbers and states. This sensor has sent neither yet." in words(page(cast))
    assert get(cast.owner, cast.sensor, "2026/11/").status_code == 404


@pytest.mark.parametrize("address", ["2026/11/", "2026/", "2026/W47/", "2026-11-15--2026-11-16/"])
def test_a_report_lists_the_notes_of_its_days(orchard: Cast, address: str) -> None:
    def note(start: datetime, text: str, end: datetime | None = None) -> None:
        make_note(by=orchard.editor, sensor=orchard.sensor, starts_at=start, ends_at=end, text=text, now=NOON)

    note(datetime(2026, 11, 16, 9, tzinfo=UTC), "Shield <cleaned>")
    note(datetime(2025, 12, 31, 9, tzinfo=UTC), "Over the new year", datetime(2026, 1, 1, 9, tzinfo=UTC))

    seen = page(orchard, address)

    assert "16 Nov 2026, 10:00 Note: Shield &lt;cleaned&gt;" in words(seen)
    assert ("Over the new year" in seen) == (address == "2026/")
    assert "Shield" not in page(orchard, "2026/10/")


def test_a_page_is_made_of_few_queries(orchard: Cast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(40):
        page(orchard, "2026/10/")
    assert SKY["rain"] == 0.1
