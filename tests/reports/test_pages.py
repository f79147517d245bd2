import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from gzip import compress
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor, Status
from sensorfusion.web.storage import SHEETS, plain_sheet
from tests.conftest import Cast
from tests.plugins.budgets import Within
from tests.reports.weather import observe
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
LAST = NOON - timedelta(minutes=10)
ALLOWED_SCRIPTS = {f'{each} type="application/json"' for each in (' id="page-data"', ' id="tables"')} | {
    ' type="importmap"'
}
ENTRY = r"<script( type=\"module\" src=\"/static/[^\"]+\")>"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def get(operator: Operator | None, path: str = "/", **cookies: str) -> Any:
    client = Client()
    client.cookies.load(cookies)
    if operator:
        client.force_login(operator)
    return client.get(path)


def page(operator: Operator, path: str = "/", **cookies: str) -> str:
    answer = get(operator, path, **cookies)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def address(sensor: Sensor, query: str = "") -> str:
    return f"/sensors/{sensor.uuid}/{query}"


def test_batteries_of_a_consoles_parts_stand_at_the_foot(cast: Cast) -> None:
    parts = {"battery_low.wh65": True, "battery_voltage.wh90": 3.04, "console.heap": 156456}
    observe(cast.sensor, until=LAST, values={"temperature": 12, **parts})

    told = words(page(cast.owner, address(cast.sensor)).partition('<script id="page-data"')[0])

    assert "Battery low wh65 yes" in told
    assert "Battery voltage wh90 3.04" in told
    assert "heap" not in told


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_members_see_the_report(cast: Cast, who: str) -> None:
    observe(cast.sensor, until=LAST)

    html = page(getattr(cast, who), address(cast.sensor))

    assert "Orchard station" in html
    assert "<b>12.0</b><span>°C</span>" in html


@pytest.mark.parametrize("form", ["csv", "ndjson", "parquet"])
def test_all_readings_can_be_saved_by_who_may_only_look(cast: Cast, form: str) -> None:
    observe(cast.sensor, until=LAST)

    assert f'href="/api/v1/sensors/{cast.sensor.uuid}/export/?format={form}"' in page(
        cast.member, f"/sensors/{cast.sensor.uuid}/"
    )


def test_outsider_sees_no_report_and_no_name(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    answer = get(cast.outsider, address(cast.sensor))

    assert answer.status_code == 404
    assert b"Orchard" not in answer.content


def test_outsider_sees_only_their_own_on_the_overview(cast: Cast) -> None:
    html = page(cast.outsider)

    assert "Harbour station" in html
    assert "Orchard" not in html


@pytest.mark.parametrize("path", ["/", "/sensors/00000000-0000-0000-0000-000000000000/"])
def test_stranger_is_asked_to_sign_in(db: None, path: str) -> None:
    answer = get(None, path)

    assert answer.status_code == 302
    assert "next=" in answer.headers["Location"]


def test_settings_are_offered_to_editors_only(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)
    settings = f"/sensors/{cast.sensor.uuid}/settings/"

    assert settings in page(cast.editor, address(cast.sensor))
    assert settings not in page(cast.member, address(cast.sensor))


def test_report_says_what_it_is_and_how_it_moves(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    said = words(page(cast.owner, address(cast.sensor)))

    assert "52.24° N 21.01° E · 113 m · 13:10 local" in said
    assert "the same as yesterday at this time" in said
    assert "High today 23.0° 00:00" in said
    assert "Low today 0.0° 01:00" in said
    assert "Last reading 10 min ago" in said
    assert "Beaufort 3 · gentle breeze" in said


def test_page_has_one_heading_landmarks_and_no_inline_style_or_script(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    for html in (page(cast.owner), page(cast.owner, address(cast.sensor))):
        assert html.count("<h1") == 1
        assert html.count("<main") == 1
        assert " style=" not in html
        assert set(re.findall(r"<script([^>]*)>", html)) <= ALLOWED_SCRIPTS | set(re.findall(ENTRY, html))


def test_report_keeps_to_its_budget_of_styles(cast: Cast, within: Within) -> None:
    observe(cast.sensor, until=LAST)

    linked = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', page(cast.owner, address(cast.sensor)))

    texts = {path: Path(str(finders.find(path))).read_text() for path in linked}
    sent = [plain_sheet(text) if path.startswith(SHEETS) else text for path, text in texts.items()]
    styles = sum(len(compress(text.encode())) for text in sent)
    within("bytes of styles of a sensor's page", styles, 16 * 1024)


def test_page_data_is_what_the_scripts_need(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    data = get(cast.owner, address(cast.sensor)).context["page"]

    assert data["now"] == "2026-11-22T12:10:00Z"
    assert data["units"]["temperature"]["symbol"] == "°C"
    assert data["quantities"]["rain"] == {"label": "Rain", "hue": "rain", "combine": "sum"}
    (sensor,) = data["sensors"]
    assert sensor["observed_at"] == "2026-11-22T12:00:00Z"
    assert (sensor["state"], sensor["interval_s"], sensor["seq"]) == ("live", 3600, 49)
    assert (sensor["latitude"], sensor["time_zone"]) == (52.24, "Europe/Warsaw")


def test_report_gives_its_scripts_what_it_shows_unrounded(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, dew_point=3.14159)

    html = page(cast.owner, address(cast.sensor))

    high, low, last = (f"{(LAST - timedelta(hours=back)).timestamp():.0f}" for back in (13, 12, 0))
    assert f'data-fact="high" data-value="23" data-at="{high}"' in html
    assert f'data-fact="low" data-value="0" data-at="{low}"' in html
    assert f'<b data-value="1.4" data-until="{last}.000">1.4</b>' in html
    assert 'data-fact="low" data-value="3.14159"' in html
    assert f'data-wet-at="{last}"' in html
    assert '<tr data-hue="temp" data-quantity="temperature">' in html


def test_page_data_has_an_hour_of_the_day_before(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    before = get(cast.owner, address(cast.sensor)).context["page"]["day_before"]

    assert before["resolution"] == "raw"
    assert before["t"] == [(LAST - timedelta(hours=back)).timestamp() for back in (24, 23)]
    assert before["series"]["temperature"] == {"value": [12.0, 13.0]}


@pytest.mark.parametrize(
    ("silent", "state", "said"),
    [
        (timedelta(hours=3), "late", "Last reading 3 h ago"),
        (timedelta(hours=6), "offline", "No data since 07:10. Expected every 60 min."),
        (timedelta(hours=3), "late", "Late, last at 10:10"),
        (timedelta(days=2), "offline", "No data since 20 Nov, 13:10"),
    ],
)
def test_sensor_that_stopped_is_dimmed_and_dated(cast: Cast, silent: timedelta, state: str, said: str) -> None:
    observe(cast.sensor, until=NOON - silent)

    html = page(cast.owner, address(cast.sensor))

    assert f'q="temperature" data-state="{state}"' in html
    assert said in words(html)


def test_fresh_report_has_no_banner(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    assert '<sf-banner role="status" hidden>' in page(cast.owner, address(cast.sensor))


@pytest.mark.parametrize(
    ("reader", "sentence", "may_resume"),
    [
        ("editor", "Its readings are refused until you resume it.", True),
        ("member", "Its readings are refused until an editor of its site resumes it.", False),
    ],
)
def test_a_sensor_that_was_paused_before_its_first_reading_says_what_ends_that(
    client: Client, cast: Cast, reader: str, sentence: str, may_resume: bool
) -> None:
    Sensor.objects.filter(pk=cast.sensor.pk).update(status=Status.PAUSED)
    client.force_login(getattr(cast, reader))

    shown = client.get(f"/sensors/{cast.sensor.uuid}/").text

    assert "This sensor is paused" in shown
    assert sentence in shown
    assert ("Resume it" in shown) == may_resume
    assert "Send the first reading" not in shown


def test_paused_sensor_says_so(cast: Cast) -> None:
    Sensor.objects.filter(id=cast.sensor.id).update(status=Status.PAUSED)
    observe(cast.sensor, until=LAST)

    assert "Paused, last at 13:00. New readings are refused." in words(page(cast.owner, address(cast.sensor)))


def test_sensor_without_a_reading_waits_and_shows_editors_the_way(cast: Cast) -> None:
    start = f"/sensors/{cast.sensor.uuid}/start/"

    assert "Waiting for the first reading" in page(cast.owner, address(cast.sensor))
    assert start in page(cast.owner, address(cast.sensor))
    assert start not in page(cast.member, address(cast.sensor))


def test_site_notice_is_on_every_page_of_the_site(cast: Cast) -> None:
    cast.site.notice = "Demo: moved in time"
    cast.site.save(update_fields=["notice"])

    assert "Demo: moved in time" in page(cast.owner)
    assert "Demo: moved in time" in page(cast.owner, address(cast.sensor))
    observe(cast.sensor, until=LAST)
    assert "Demo: moved in time" in page(cast.owner, address(cast.sensor))


def test_units_follow_the_operator_and_before_that_the_browser(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)
    Operator.objects.filter(id=cast.owner.id).update(units="us")

    assert "<b>54</b><span>°F</span>" in page(cast.owner, address(cast.sensor))
    assert "<b>12.0</b><span>°C</span>" in page(cast.owner, address(cast.sensor), units="metric")


def test_sensor_of_anything_else_has_its_first_number_on_top_and_no_weather(cast: Cast) -> None:
    observe(cast.other_sensor, until=LAST, values={"co2": 640, "battery": 80, "condition": "fine"})

    html = page(cast.outsider, address(cast.other_sensor))

    assert 'q="co2" data-state="live"><b>640</b><span>ppm</span>' in html
    assert 'data-sky="none"' in html
    for absent in ("<sf-compass", "sun-arc", "Almanac", "Wind rose"):
        assert absent not in html
    assert "Condition" in html


def test_rain_gauge_has_the_amount_of_the_day_on_top_and_bars_as_its_main_chart(cast: Cast) -> None:
    store(cast.sensor, [(at, {"rain": 0.2 if at < LAST else 0.0}) for at in every(600, 7, until=LAST)])

    html = page(cast.owner, address(cast.sensor))

    [top] = re.findall(r'<p class="reading.*?</p>', html)
    assert words(top) == "Rain now: 1.2 mm"
    assert "than yesterday" not in html
    assert re.findall(r'data-kind="(\w+)"', html) == ["bars"]
    assert "Now against" not in html


def test_sensor_without_any_number_still_has_a_page(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, values={"condition": "fog", "door_open": True})

    said = words(page(cast.owner, address(cast.sensor)))

    assert "fog" in said
    assert "Open since" in said


@pytest.mark.parametrize("name", ["1h", "6h", "24h", "7d", "30d", "1y"])
def test_every_range_is_drawn_by_the_server(cast: Cast, name: str) -> None:
    observe(cast.sensor, until=LAST, hours=24 * 9)

    html = page(cast.owner, address(cast.sensor, f"?r={name}"))

    assert f'data-range="{name}" aria-current="true"' in html
    assert (
        'id="chart-temperature" data-quantities="temperature dew_point" data-kind="line" data-ghost="temperature"'
        in html
    )


def test_range_nobody_knows_is_a_day(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    assert 'data-range="24h" aria-current="true"' in page(cast.owner, address(cast.sensor, "?r=2w"))


def test_every_chart_has_a_sentence_and_a_table(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    html = page(cast.owner, address(cast.sensor))

    charts = html.split("<sf-chart")[1:]
    assert [re.search(r'data-quantities="([^"]*)"', chart).group(1) for chart in charts] == [  # type: ignore[union-attr]
        "temperature dew_point",
        "wind_speed wind_gust wind_direction",
        "sea_level_pressure",
        "rain",
        "solar_radiation",
    ]
    for chart in charts:
        assert re.search(r"<figcaption>[^<]+\.</figcaption>", chart)
        assert 0 < chart.partition("</tbody>")[0].count("<tr>") <= 201


def test_overview_counts_in_words_and_puts_problems_first(cast: Cast) -> None:
    healthy = Sensor.objects.create(site=cast.site, name="Attic", status=Status.ACTIVE)
    observe(healthy, until=LAST)
    observe(cast.sensor, until=NOON - timedelta(hours=9))

    html = page(cast.owner)

    assert "2 sensors at 1 site, 1 without data" in html
    assert html.index("<h3>Orchard station") < html.index("<h3>Attic")
    assert "No data since 04:10" in words(html)


def test_overview_of_healthy_sensors_says_so(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    html = page(cast.owner)

    assert "1 sensor at 1 site, reporting" in html
    assert 'q="temperature" data-state="live"><b>12.0</b>' in html


def test_operator_without_sensors_is_shown_how_to_begin(cast: Cast) -> None:
    Sensor.objects.filter(id=cast.other_sensor.id).delete()

    html = page(cast.outsider)

    assert "No sensors yet" in html
    assert "/sensors/new/" in html


def test_names_are_escaped(cast: Cast) -> None:
    Sensor.objects.filter(id=cast.sensor.id).update(name="<script>alert(1)</script>")
    observe(cast.sensor, until=LAST)

    assert "<script>alert" not in page(cast.owner)
    assert "<script>alert" not in page(cast.owner, address(cast.sensor))


def test_report_takes_few_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    observe(cast.sensor, until=LAST, hours=24 * 40)
    client = Client()
    client.force_login(cast.owner)

    with django_assert_max_num_queries(31):
        client.get(address(cast.sensor))


def test_overview_takes_as_many_queries_for_ten_sensors_as_for_one(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    observe(cast.sensor, until=LAST)
    for number in range(9):
        observe(Sensor.objects.create(site=cast.site, name=f"Probe {number}"), until=LAST, hours=2)
    client = Client()
    client.force_login(cast.owner)

    with django_assert_max_num_queries(10):
        client.get("/")


@pytest.mark.parametrize("is_installed", [True, False], ids=["with pyarrow", "without pyarrow"])
def test_parquet_is_offered_where_it_can_be_written(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, is_installed: bool
) -> None:
    observe(cast.sensor, until=LAST)
    if not is_installed:
        monkeypatch.setitem(sys.modules, "pyarrow", None)

    shown = page(cast.member, f"/sensors/{cast.sensor.uuid}/")

    assert "?format=csv" in shown
    assert ("?format=parquet" in shown) is is_installed
