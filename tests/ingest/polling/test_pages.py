"""The page of a sensor's poll: permissions, stored settings, and what it shows."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.ingest.polling import dry_run, pages
from sensorfusion.ingest.polling.dry_run import Trial
from sensorfusion.ingest.polling.fetching import NoAnswer
from sensorfusion.sensors.keys.encryption import decrypt, encrypt
from sensorfusion.sensors.models import Poll
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.services import remove_poll, save_poll, status_of
from tests.conftest import Cast
from tests.storing import store
from tests.web.shown_forms import rows_in

FORM = {
    "url": "http://192.168.1.20/status",
    "interval_s": "60",
    "fields_text": "temperature = $.tC °C",
    "time_path": "",
    "headers": "",
    "is_on": "on",
}


def signed_in(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def address(cast: Cast, more: str = "") -> str:
    return f"/sensors/{cast.sensor.uuid}/polling/{more}"


def page(client: Client, cast: Cast, query: str = "") -> str:
    return client.get(address(cast) + query).content.decode()


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Replace the device's answer by bytes or an exception; the requests are appended to a list."""
    said: list[Any] = [b'{"tC": 21.5, "extra": "<b>"}']

    class Answering:
        async def get(self, url: str, headers: Any) -> bytes:
            said.append((url, dict(headers)))
            if isinstance(said[0], Exception):
                raise said[0]
            return bytes(said[0])

    monkeypatch.setattr(dry_run, "fetcher", Answering)
    return said


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("editor", 200), ("member", 403), ("outsider", 404)])
def test_only_editors_see_and_change_what_is_polled(cast: Cast, answer: list[Any], who: str, status: int) -> None:
    client = signed_in(getattr(cast, who))

    assert client.get(address(cast)).status_code == status
    assert client.post(address(cast), {**FORM, "action": "try"}).status_code == status
    changed = client.post(address(cast), {**FORM, "action": "save"})
    assert changed.status_code == (302 if status == 200 else status)
    assert Poll.objects.exists() == (status == 200)
    assert bool(answer[1:]) == (status == 200)


@pytest.mark.parametrize(("who", "status"), [("owner", 302), ("editor", 302), ("member", 403), ("outsider", 404)])
def test_only_editors_end_it(cast: Cast, who: str, status: int) -> None:
    Poll.objects.create(sensor=cast.sensor, url="http://x.test/", fields="temperature = t")
    client = signed_in(getattr(cast, who))

    assert client.get(address(cast, "remove/"))["Location"] == address(cast)
    assert client.post(address(cast, "remove/")).status_code == status
    assert Poll.objects.exists() == (status != 302)


def test_strangers_are_asked_to_sign_in(cast: Cast) -> None:
    assert Client().get(address(cast))["Location"].startswith("/sign-in/")


def test_services_check_rights_by_themselves(cast: Cast, now: datetime) -> None:
    details = PollDetails(url="http://x.test/", interval_s=60, fields="temperature = t")

    with pytest.raises(Refusal):
        save_poll(by=cast.member, sensor=cast.sensor, details=details, now=now)
    with pytest.raises(Refusal):
        remove_poll(by=cast.outsider, sensor=cast.sensor)


def test_saving_asks_at_once_and_forgets_earlier_failures(cast: Cast) -> None:
    Poll.objects.create(
        sensor=cast.sensor,
        url="http://x.test/",
        fields="x = t",
        failures=9,
        failing_since=timezone.now(),
        next_at=timezone.now() + timedelta(hours=1),
    )

    signed_in(cast.editor).post(address(cast), FORM)

    poll = Poll.objects.get()
    assert (poll.url, poll.failures, poll.failing_since) == (FORM["url"], 0, None)
    assert poll.next_at <= timezone.now()


def test_headers_are_sealed_and_never_shown_again(cast: Cast) -> None:
    client = signed_in(cast.editor)
    client.post(address(cast), {**FORM, "headers": "X-API-Key: s3cret-0123"})

    poll = Poll.objects.get()
    shown = page(client, cast)
    assert "s3cret" not in poll.headers
    assert decrypt(poll.headers) == "X-API-Key: s3cret-0123"
    assert "<code>X-API-Key</code>" in shown
    assert "s3cret" not in shown


def test_headers_stay_until_others_are_written_or_they_are_dropped(cast: Cast) -> None:
    client = signed_in(cast.editor)
    client.post(address(cast), {**FORM, "headers": "A: 1"})
    client.post(address(cast), {**FORM, "interval_s": "90"})
    assert decrypt(Poll.objects.get().headers) == "A: 1"
    client.post(address(cast), {**FORM, "headers": "B: 2"})
    assert decrypt(Poll.objects.get().headers) == "B: 2"
    client.post(address(cast), {**FORM, "drop_headers": "on"})

    assert Poll.objects.get().headers == ""


@pytest.mark.parametrize(
    "url", ["http://evil.test/status", "http://192.168.1.20:81/status", "https://192.168.1.20/status"]
)
def test_headers_go_to_nobody_but_the_host_they_were_entered_for(cast: Cast, answer: list[Any], url: str) -> None:
    client = signed_in(cast.editor)
    client.post(address(cast), {**FORM, "headers": "X-API-Key: s3cret"})

    client.post(address(cast), {**FORM, "url": url, "action": "try"})
    client.post(address(cast), {**FORM, "url": url, "action": "save"})

    assert answer[1] == (url, {})
    assert Poll.objects.get().headers == ""


def test_trying_shows_what_was_understood_and_stores_nothing(cast: Cast, answer: list[Any]) -> None:
    lines = "temperature = tC °C\nhumidity = rh %"
    client = signed_in(cast.editor)

    shown = client.post(address(cast), {**FORM, "fields_text": lines, "action": "try"}).content.decode()

    assert "21.5 °C" in shown
    assert "there is no $.rh in the answer" in shown
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown.split("The answer")[1].split("</pre>")[0]
    assert not Poll.objects.exists()


@pytest.mark.parametrize(
    ("said", "shown"),
    [(NoAnswer("connection refused"), "Connection refused."), (b"nothing to see", "The answer is not JSON")],
)
def test_trying_says_what_is_wrong(cast: Cast, answer: list[Any], said: Any, shown: str) -> None:
    answer[0] = said

    response = signed_in(cast.editor).post(address(cast), {**FORM, "action": "try"})

    assert response.status_code == 200
    assert shown in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_trying_holds_no_database_connection_while_it_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[object] = []

    def waiting(**_: object) -> Trial:
        held.append(connection.connection)
        return Trial(trouble="No answer.")

    monkeypatch.setattr(pages, "try_out", waiting)

    shown = signed_in(cast.editor).post(address(cast), {**FORM, "action": "try"})

    assert held == [None]
    assert "No answer." in shown.content.decode()


def test_second_try_of_an_operator_is_refused_while_one_waits(cast: Cast, answer: list[Any]) -> None:
    with dry_run.TRIES.of(cast.editor.pk):
        refused = signed_in(cast.editor).post(address(cast), {**FORM, "action": "try"})
        other = signed_in(cast.owner).post(address(cast), {**FORM, "action": "try"})
    again = signed_in(cast.editor).post(address(cast), {**FORM, "action": "try"})

    assert (refused.status_code, other.status_code, again.status_code) == (429, 200, 200)
    assert int(refused["Retry-After"]) > 0
    assert "one of the tries of polls is under way" in refused.content.decode()
    assert rows_in(refused.text, "fields_text", "path", "unit") == [
        ("temperature", "$.tC", "°C")
    ]  # nothing that was entered is lost


def test_tries_of_all_operators_are_limited(cast: Cast, answer: list[Any]) -> None:
    with ExitStack() as others:
        for number in range(4):
            others.enter_context(dry_run.TRIES.of(-number))
        refused = signed_in(cast.editor).post(address(cast), {**FORM, "action": "try"})

    assert refused.status_code == 503
    assert not answer[1:]


def test_trying_sends_the_kept_headers(cast: Cast, answer: list[Any]) -> None:
    Poll.objects.create(sensor=cast.sensor, url=FORM["url"], fields="x = t", headers=encrypt("A: 1"))

    signed_in(cast.editor).post(address(cast), {**FORM, "action": "try"})

    assert answer[1] == (FORM["url"], {"A": "1"})


def test_trying_a_private_address_is_refused_without_the_setting(cast: Cast) -> None:
    shown = signed_in(cast.editor).post(address(cast), {**FORM, "url": "http://127.0.0.1:1/", "action": "try"})

    assert "POLL_ALLOW_NETWORKS" in shown.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("url", "ftp://x.test/", "must begin with http"),
        ("url", "http://a:b@x.test/", "into a header"),
        ("fields_text", "temperature", "Line 1"),
        ("interval_s", "1", "Every is at least 10."),
        ("time_path", "$..b", "several values"),
        ("headers", "no colon", "Line 1 is not like"),
        ("headers", "Host: elsewhere.test", "is set by the server"),
        ("headers", "X: ü", "plain ASCII"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(cast: Cast, field: str, value: str, error: str) -> None:
    response = signed_in(cast.editor).post(address(cast), {**FORM, field: value})

    assert response.status_code == 400
    assert error in response.content.decode()
    assert not Poll.objects.exists()


def test_preset_fills_the_form_in_and_never_shows_the_servers_key(cast: Cast, settings: Settings) -> None:
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, openweathermap_key="s3cret")

    shown = page(signed_in(cast.editor), cast, "?preset=openweathermap")

    assert "lat=52.24&amp;lon=21.01&amp;appid={OPENWEATHERMAP_KEY}" in shown
    assert ("temperature", "$.main.temp", "K") in rows_in(shown, "fields_text", "path", "unit")
    assert "s3cret" not in shown


OLD = "# our gate\ntemp = rows[type=a].t °C * 0.1\nodd line"


def test_poll_of_before_jsonpath_is_shown_in_jsonpath(cast: Cast) -> None:
    Poll.objects.create(sensor=cast.sensor, url="http://x.test/", fields=OLD, time_path="at.unix")

    shown = page(signed_in(cast.editor), cast)

    assert rows_in(shown, "fields_text", "path", "unit") == [
        ("# our gate", "", ""),
        ("temp", "$.rows[?@.type=='a'].t", "°C * 0.1"),
        ("odd line", "", ""),
    ]
    assert 'value="$.at.unix"' in shown


def test_what_is_entered_in_the_old_spelling_is_stored_in_jsonpath(cast: Cast) -> None:
    entered = {**FORM, "action": "save", "fields_text": "temperature = main.tC °C", "time_path": "at.unix"}

    signed_in(cast.editor).post(address(cast), entered)

    poll = Poll.objects.get()
    assert (poll.fields, poll.time_path) == ("temperature = $.main.tC °C", "$.at.unix")


AT = datetime(2026, 11, 22, 13, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"is_on": False}, "Switched off."),
        ({"next_at": AT}, "Not asked yet; next try now."),
        ({"answered_at": AT, "next_at": AT + timedelta(seconds=67)}, "Last answered 14:03; next try in 60 s."),
        (
            {
                "answered_at": AT,
                "failing_since": AT + timedelta(seconds=7),
                "trouble": "connection refused",
                "next_at": AT + timedelta(seconds=247),
            },
            "Last answered 14:03; failing since 14:03: connection refused; next try in 4 min.",
        ),
        (
            {
                "answered_at": AT - timedelta(days=2),
                "left_out": "rain: -1 mm is below",
                "next_at": AT + timedelta(hours=3),
            },
            "Last answered 20 Nov 14:03; left out: rain: -1 mm is below; next try in 3 h.",
        ),
    ],
)
def test_status_is_said_by_the_clock_of_the_site(given: dict[str, Any], said: str) -> None:
    poll = Poll(**given)

    assert status_of(poll, time_zone="Europe/Warsaw", now=AT + timedelta(seconds=7)) == said


@pytest.mark.parametrize("path", ["/sensors/{}/", "/sensors/{}/settings/"])
def test_pages_of_the_sensor_say_how_it_goes(cast: Cast, path: str) -> None:
    Poll.objects.create(
        sensor=cast.sensor,
        url="http://x.test/secret-path",
        fields="x = t",
        failing_since=timezone.now(),
        trouble="connection refused",
    )

    shown = signed_in(cast.editor).get(path.format(cast.sensor.uuid)).content.decode()

    assert "connection refused; next try" in shown
    assert "secret-path" not in shown


def test_rows_are_stored_as_lines_with_their_last_values_beside_them(cast: Cast) -> None:
    store(cast.sensor, [(AT, {"temperature": 4.5})])
    quantities, paths, units = (
        ["temperature", "", "humidity", ""],
        ["$.t", "", "$['r h']", ""],
        ["°F", "", "% * 10", ""],
    )
    rows = {"fields_text": quantities, "fields_text.path": paths, "fields_text.unit": units}
    client = signed_in(cast.editor)

    assert client.post(address(cast), {**FORM, **rows, "action": "save"}).status_code == 302

    assert Poll.objects.get().fields == "temperature = $.t °F\nhumidity = $['r h'] % * 10"
    shown = page(client, cast)
    assert rows_in(shown, "fields_text", "path", "unit")[1] == ("humidity", "$['r h']", "% * 10")
    assert "4.5 °C</td>" in shown
    assert '<option value="°F">' in shown
