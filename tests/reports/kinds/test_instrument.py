"""What pages of freezers, rooms, meters, tanks and doors say, against SQL over the readings."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.reports.kinds.span_words import duration, share
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 21, 23, tzinfo=UTC)  # in Warsaw
BAND = {"temperature": {"low": -25, "high": -18}}
ABOVE = """
SELECT extract(epoch FROM sum(least(next, %(now)s) - greatest(at, %(start)s))) FROM (
    SELECT observed_at AS at, coalesce(lead(observed_at) OVER (ORDER BY observed_at), %(now)s) AS next,
           ("values" ->> 'temperature')::float8 AS value
    FROM reading WHERE sensor_id = %(sensor)s
) AS steps WHERE value > -18 AND next > %(start)s AND next - at <= interval '150 s'
"""


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def page(operator: Operator, sensor: Sensor) -> str:
    client = Client()
    client.force_login(operator)
    answer = client.get(f"/sensors/{sensor.uuid}/")
    assert answer.status_code == 200
    return answer.content.decode()


def said(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\u00a0", " ").split())


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def become(sensor: Sensor, **fields: Any) -> None:
    Sensor.objects.filter(pk=sensor.pk).update(**fields)


def freeze(sensor: Sensor) -> None:
    """Store a reading a minute: two excursions, and nothing for 40 minutes."""
    rows = [at for at in every(60, 16 * 60, until=NOON) if not 300 <= (at - MIDNIGHT).total_seconds() / 60 < 340]
    out = {
        at
        for at in rows
        if 20 <= (NOON - at).total_seconds() / 60 < 38 or -7 <= (at - MIDNIGHT).total_seconds() / 60 < 9
    }
    store(sensor, [(at, {"temperature": -16.4 if at in out else -20.5}) for at in rows])
    become(sensor, kind="freezer", quantities=BAND)


def test_freezer_says_how_long_it_was_outside_its_band_as_sql_does(cast: Cast) -> None:
    freeze(cast.sensor)
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, {"sensor": cast.sensor.pk, "start": MIDNIGHT, "now": NOON})
        (above_s,) = cursor.fetchone()

    told = said(page(cast.owner, cast.sensor))

    known_s = 13 * 3600 - 41 * 60  # from the last reading before the gap to the first after it
    assert above_s == (9 + 18) * 60
    assert f"above {plain(duration(float(above_s)))}, 2 times" in told
    assert (
        f"in the band {plain(duration(known_s - float(above_s)))} ({plain(share(known_s - float(above_s), known_s))})"
        in told
    )
    assert "no data 41 min" in told
    assert "below never" in told
    assert "allowed −25.0 to −18.0°" in told


def test_freezer_without_a_band_says_nothing_of_one(cast: Cast) -> None:
    freeze(cast.sensor)
    become(cast.sensor, quantities={})

    assert "in the band" not in said(page(cast.owner, cast.sensor))


def test_room_has_words_for_its_air(cast: Cast) -> None:
    values = [1500] * 3 + [1000] * 6 + [600] * 4
    store(cast.sensor, [(at, {"co2": value}) for at, value in zip(every(600, 13, until=NOON), values, strict=True)])

    told = said(page(cast.owner, cast.sensor))

    assert "Good since 12:30" in told
    assert "good 30 min · stuffy 1 h · poor 30 min" in told


def test_door_is_a_word_and_says_how_often_it_was_open(cast: Cast) -> None:
    moves = [(0, False), (60, True), (64, False), (200, True), (207, False), (700, True)]
    rows = [(MIDNIGHT + timedelta(minutes=minute), value) for minute, value in moves]
    rows += [(at, True) for at in every(300, 16, until=NOON)]
    store(cast.sensor, [(at, {"door_open": value, "battery_voltage": 3.0}) for at, value in rows])
    become(cast.sensor, interval_s=7200)

    html = page(cast.owner, cast.sensor)

    told = said(html)
    assert "Open since 11:40" in told
    assert "open 3 times today, 1 h 31 min in all" in told
    assert re.search(r"<b>\s*open\s*</b>", html)
    assert "11:40 now 1 h 20 min open" in told


def test_state_that_was_not_seen_to_begin_began_then_or_earlier(cast: Cast) -> None:
    store(cast.sensor, [(at, {"door_open": False}) for at in every(600, 30, until=NOON)])

    assert "Closed since 08:10 or earlier" in said(page(cast.owner, cast.sensor))


def test_silent_door_does_not_claim_to_be_closed(cast: Cast) -> None:
    store(cast.sensor, [(at, {"door_open": False}) for at in every(600, 30, until=NOON - timedelta(hours=3))])

    told = said(page(cast.owner, cast.sensor))

    assert "Closed until 10:00, then no data" in told
    assert "Closed since" not in told


def test_text_has_its_states_named(cast: Cast) -> None:
    rows = [
        (at, {"temperature": 20.0, "mode": "heat" if n % 10 < 3 else "idle"})
        for n, at in enumerate(every(600, 60, until=NOON))
    ]
    store(cast.sensor, rows)

    assert "idle 6 h 50 min · heat 3 h" in said(page(cast.owner, cast.sensor))


def test_meter_counts_today_and_yesterday_by_now(cast: Cast) -> None:
    rows = every(600, 2 * 144, until=NOON)
    store(cast.sensor, [(at, {"power": 600, "energy": 500 + n * 0.1}) for n, at in enumerate(rows)])

    told = said(page(cast.owner, cast.sensor))

    assert "Energy today 7.90 kWh" in told  # 13 hours of 600 W, and the step over midnight
    assert "yesterday by 13:00 7.80 kWh" in told
    assert "in all 14.40 kWh" in told


def test_tank_is_drawn_as_full_as_it_is(cast: Cast) -> None:
    store(cast.sensor, [(at, {"fill_level": 63}) for at in every(900, 10, until=NOON)])
    become(cast.sensor, kind="tank", quantities={"fill_level": {"unit": "%"}})

    html = page(cast.owner, cast.sensor)

    assert '<rect class="fill" width="100%" y="37.00%" height="63.00%"/>' in html
    assert "63 % of 100 %" in plain(html)


def test_weather_station_has_its_sky_and_no_instrument(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 8, "wind_speed": 3, "wind_direction": 90})])

    html = page(cast.owner, cast.sensor)

    assert "instrument" not in html
    assert "kinds.css" not in html


def test_an_outsider_sees_no_strip(cast: Cast) -> None:
    freeze(cast.sensor)
    client = Client()
    client.force_login(cast.outsider)

    assert client.get(f"/sensors/{cast.sensor.uuid}/").status_code == 404


def test_the_card_of_a_door_says_whether_it_is_open(cast: Cast) -> None:
    readings = [(at, {"door_open": at.minute % 2 == 1, "temperature": 19.4}) for at in every(60, 90, until=NOON)]
    store(cast.sensor, readings)
    become(cast.sensor, kind="contact")
    client = Client()
    client.force_login(cast.owner)

    card = client.get("/").text.partition(f'data-sensor="{cast.sensor.uuid}"')[2].partition("</article>")[0]

    large, _, beside = card.partition("<dl>")
    assert re.search(r'class="big word">.*q="door_open".*<b>closed</b>', large, re.DOTALL)
    assert "19.4" in beside
