"""The page of a sensor's quality checks: limits in the reader's units, and errors at their fields."""

from typing import Any

import pytest
from django.test import Client

from sensorfusion.sensors.quality import services as quality
from tests.conftest import Cast
from tests.web.shown_forms import forms_of

pytestmark = pytest.mark.django_db
IN_KELVIN = {"temperature": {"step": {"suspect": 5.0, "bad": 10.0}, "spike": None, "flat": None}}


def _in_units(cast: Cast, system: str) -> Client:
    client = Client()
    client.force_login(cast.editor)
    client.cookies["units"] = system
    return client


def _page(cast: Cast) -> str:
    return f"/sensors/{cast.sensor.uuid}/quality/"


def _shown(client: Client, cast: Cast) -> dict[str, Any]:
    form = next(form for form in forms_of(client.get(_page(cast)).text) if "quantity" in form.names)
    return {name: sent for name, sent in form.body().items() if name != "reset"}


def test_limits_are_in_the_unit_of_the_reader(cast: Cast) -> None:
    quality.set_checks(by=cast.editor, sensor=cast.sensor, own=IN_KELVIN, now=cast.sensor.created_at)
    client = _in_units(cast, "us")

    shown = _shown(client, cast)
    answer = client.post(_page(cast), {**shown, "temperature.step.suspect": "3.6", "temperature.step.bad": "18"})

    assert (shown["temperature.step.suspect"], shown["temperature.step.bad"]) == (["9"], ["18"])
    assert answer.status_code == 302
    step = quality.own_checks(sensor=cast.sensor)["temperature"].step  # type: ignore[union-attr]  # it has checks
    assert (step.suspect, step.bad) == (2.0, 10.0)  # type: ignore[union-attr]  # set above


@pytest.mark.parametrize("system", ["metric", "uk", "us", "scientific", "metric-bft"])
def test_saving_what_is_shown_changes_nothing_in_any_units(cast: Cast, system: str) -> None:
    client = _in_units(cast, system)

    assert client.post(_page(cast), _shown(client, cast)).status_code == 302
    assert quality.own_checks(sensor=cast.sensor) == {}


@pytest.mark.parametrize(
    ("typed", "said", "at"),
    [
        ({"temperature.step.bad": "hot"}, "Temperature, bad change in a minute: enter a number above 0.", "step.bad"),
        ({"temperature.step.bad": ""}, "Temperature, bad change in a minute: enter a number above 0.", "step.bad"),
        ({"temperature.step.suspect": "-1"}, "suspect change in a minute: enter a number above 0.", "step.suspect"),
        ({"temperature.step.suspect": "900"}, "enter at least what is suspect, 900.", "step.bad"),
        ({"temperature.flat.within_s": "900"}, "stuck in hours: enter at most 168, a week.", "flat.within_s"),
    ],
)
def test_a_wrong_limit_is_marked_at_its_field(cast: Cast, typed: dict[str, str], said: str, at: str) -> None:
    client = _in_units(cast, "metric")

    answer = client.post(_page(cast), {**_shown(client, cast), **typed})

    assert answer.status_code == 400
    assert said in answer.text
    assert "; nothing was saved" in answer.text
    assert f'href="#temperature.{at}"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert quality.own_checks(sensor=cast.sensor) == {}


def test_limits_of_wind_are_speeds_for_a_reader_of_beaufort(cast: Cast) -> None:
    page = _in_units(cast, "metric-bft").get(_page(cast)).text

    assert "Limits are in m/s, because a number of Bft is a span of speeds" in page
    assert '<span class="sub">Bft</span>' not in page
