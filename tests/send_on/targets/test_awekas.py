"""AWEKAS: the text of values as its API has it, a reader of its positions, and its answers."""

import hashlib
from datetime import datetime
from urllib.parse import unquote, urlsplit

import pytest

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.awekas import TARGET
from sensorfusion.send_on.targets.target import Sample
from tests.send_on.conftest import ACCOUNTS, sample

DIGEST = hashlib.md5(b"s3cret pass", usedforsecurity=False).hexdigest()


def asked(one: Sample) -> Request:
    [request] = TARGET.write([one], ACCOUNTS["awekas"])
    assert isinstance(request, Request)
    return request


def positions(one: Sample) -> dict[int, str]:
    name, _, text = unquote(urlsplit(asked(one).url).query).partition("=")
    assert name == "val"
    return dict(enumerate(text.split(";"), start=1))


def test_request_is_as_it_is_documented() -> None:
    request = asked(sample(soil_temperature=10.0, rain_rate=1.25))

    assert (request.method, request.body) == ("GET", b"")
    assert request.url == (
        f"https://data.awekas.at/eingabe_pruefung.php?val=orchard;{DIGEST};22.11.2026;07:00;20.5;55;1013.2;5.08;16.1;270;"
        ";;;en;;32.2;640.0;4.2;;;10.0;1.25;SensorFusion;;"
    )


def test_positions_without_a_value_are_empty() -> None:
    found = positions(sample(humidity=None, wind_gust=None))

    assert len(found) == 25
    assert (found[6], found[16], found[19]) == ("", "", "")
    assert found[14] == "en"


def test_password_is_only_sent_as_its_digest() -> None:
    assert "s3cret" not in unquote(asked(sample()).url)


def test_a_parser_of_the_documentation_reads_what_is_sent() -> None:
    """By position: °C, %, hPa at sea level, mm since midnight, km/h, degrees, W/m², and the station's clock."""
    found, one = positions(sample(illuminance=52_000.0)), sample()

    at = datetime.strptime(f"{found[3]} {found[4]}", "%d.%m.%Y %H:%M").replace(tzinfo=one.zone)
    assert at == one.observed_at
    assert float(found[5]) == one.number("temperature")
    assert float(found[6]) == one.number("humidity")
    assert float(found[7]) == pytest.approx(one.number("sea_level_pressure"), abs=0.06)
    assert float(found[8]) == one.number("rain_midnight")
    assert float(found[9]) / 3.6 == pytest.approx(one.number("wind_speed"), abs=0.02)
    assert float(found[10]) == one.number("wind_direction")
    assert float(found[16]) / 3.6 == pytest.approx(one.number("wind_gust"), abs=0.02)
    assert float(found[17]) == one.number("solar_radiation")
    assert float(found[18]) == one.number("uv_index")
    assert float(found[19]) == 52_000


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("OK", ""),
        ("\nOK\n", ""),
        ("Benutzer/Passwort Fehler", "it does not know this user with this password"),
        ("too many uploads", "it answers “too many uploads”"),
        ("", "it answers “”"),
    ],
)
def test_answer_says_whether_it_was_taken_whatever_its_status(answer: str, why: str) -> None:
    assert TARGET.refusal(answer) == why
