"""The pages of sending on: what would be sent is shown before, the status after, and what happened on Send now."""

from datetime import datetime
from html import escape

import pytest
from django.test import Client
from django.urls import reverse

from sensorfusion.domain.quality import Flag
from sensorfusion.send_on.models import Destination, Progress
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.send_on.targets.target import Target
from tests.conftest import Cast
from tests.send_on.conftest import ACCOUNTS, MEASURED, send

pytestmark = pytest.mark.django_db(transaction=True)


def page(client: Client, cast: Cast, *, status: int = 200) -> str:
    answer = client.get(reverse("sensor-send-on", args=[cast.sensor.uuid]))
    assert answer.status_code == status
    return main_of(answer.content.decode())


def main_of(text: str) -> str:
    return " ".join(text.partition("<main")[2].partition("</main>")[0].split())


def adding(cast: Cast, network: str) -> str:
    return reverse("sensor-send-on-add", args=[cast.sensor.uuid, network])


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_form_explains_each_entry_and_shows_what_would_be_sent(
    client: Client, cast: Cast, now: datetime, target: Target
) -> None:
    client.force_login(cast.editor)
    send(cast.sensor, now, {**MEASURED, "co2": 612.0}, flags={"wind_gust": Flag.BAD})
    shown = main_of(client.get(adding(cast, target.slug)).content.decode())

    for entry in target.account:
        assert f'name="{entry.name}"' in shown
        assert escape(entry.help) in shown
    assert "flagged bad" in shown
    assert "20.5 °C" in shown
    if target.columns:
        assert "it has no field for this" in shown
        assert f"<code>{next(each.field for each in target.columns if each.quantity == 'temperature')}</code>" in shown


def test_network_is_added_and_its_key_is_not_shown_again(client: Client, cast: Cast) -> None:
    client.force_login(cast.editor)
    answer = client.post(adding(cast, "wunderground"), {**ACCOUNTS["wunderground"], "interval_s": "300"}, follow=True)
    shown = main_of(answer.content.decode())

    assert "Weather Underground" in shown
    assert "KTEST1" in shown
    assert "s3cret" not in answer.content.decode()
    assert Destination.objects.get().interval_s == 300


def test_wrong_entries_are_said_at_their_fields(client: Client, cast: Cast) -> None:
    client.force_login(cast.editor)
    answer = client.post(adding(cast, "wow"), {"site": "917006001", "key": "12345", "interval_s": "10"})

    assert answer.status_code == 400
    assert "The key has six digits." in main_of(answer.content.decode())
    assert "12345" not in main_of(answer.content.decode())
    again = client.post(adding(cast, "wow"), {"site": "917006001", "key": "123456", "interval_s": "10"})
    assert "Met Office WOW is sent to every 300 to 86400 seconds." in main_of(again.content.decode())


def test_wrong_line_of_sensors_is_said_at_its_field(client: Client, cast: Cast) -> None:
    client.force_login(cast.editor)
    account = {**ACCOUNTS["opensensemap"], "sensors": "warmth = 5f2b56f4263635001c1dd1f1", "interval_s": "60"}
    answer = client.post(adding(cast, "opensensemap"), account)

    assert answer.status_code == 400
    form = answer.context["form"]
    assert dict(form.errors) == {"sensors": ["“warmth” is no number that the list of quantities has."]}


def test_entry_of_several_lines_is_not_in_the_list(client: Client, cast: Cast) -> None:
    client.force_login(cast.editor)
    client.post(adding(cast, "opensensemap"), {**ACCOUNTS["opensensemap"], "interval_s": "60"})
    shown = page(client, cast)

    assert "5f2b56f4263635001c1dd1f0" in shown
    assert "5f2b56f4263635001c1dd1f1" not in shown


def test_viewers_see_the_status_and_no_forms(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)
    client.post(adding(cast, "wunderground"), {**ACCOUNTS["wunderground"], "interval_s": "300"})
    client.force_login(cast.member)
    shown = page(client, cast)

    assert "Nothing sent yet" in shown
    assert "<form" not in shown
    assert client.get(adding(cast, "wow")).status_code == 403


def test_outsiders_find_no_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.outsider)

    page(client, cast, status=404)
    assert client.get(adding(cast, "wow")).status_code == 404


def test_unknown_network_has_no_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    assert client.get(adding(cast, "nowhere")).status_code == 404


def test_network_is_paused_resumed_tried_and_removed(client: Client, cast: Cast) -> None:
    client.force_login(cast.editor)
    client.post(adding(cast, "wunderground"), {**ACCOUNTS["wunderground"], "interval_s": "300"})
    address = reverse("sensor-send-on-act", args=[cast.sensor.uuid, Destination.objects.get().uuid])
    said = {}
    for action in ("pause", "resume", "now", "remove"):
        said[action] = client.post(address, {"action": action}, follow=True).content.decode()

    assert "Weather Underground is paused." in said["pause"]
    assert "Nothing sent yet; paused." in said["pause"]
    assert "Weather Underground is resumed." in said["resume"]
    assert "Nothing was sent: the sensor has not sent a reading yet." in said["now"]
    assert "The readings of this sensor are not sent on." in main_of(said["remove"])


def test_status_is_in_the_language_of_the_reader(client: Client, cast: Cast, now: datetime) -> None:
    client.force_login(cast.editor)
    client.post(adding(cast, "wunderground"), {**ACCOUNTS["wunderground"], "interval_s": "300"})
    Progress.objects.update(
        failing_since=now, trouble="it answers 503", left_out="temperature: flagged bad; humidity: excluded"
    )

    answer = client.get(reverse("sensor-send-on", args=[cast.sensor.uuid]), HTTP_ACCEPT_LANGUAGE="de")
    shown = main_of(answer.content.decode())

    assert "Scheitert seit " in shown
    assert (
        ": die Antwort ist 503; ausgelassen: temperature: als unplausibel markiert; humidity: ausgeschlossen" in shown
    )
    assert "alle 300 s · von " in shown
