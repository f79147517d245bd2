"""The pages of weather consoles."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.consoles import pages as console_pages
from sensorfusion.sensors.consoles import services as consoles
from sensorfusion.sensors.keys.secrets import console_digest
from sensorfusion.sensors.models import Console, Sensor, UnclaimedConsole
from tests.conftest import Cast

HOME = "203.0.113.7"
PASSKEY = "34271334ED1FADA6D8B988B14267E55D"
At = Callable[..., Client]


@pytest.fixture(autouse=True)
def documentations_addresses_are_public(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (consoles, console_pages):
        monkeypatch.setattr(module, "is_public", lambda address: address.startswith("203.0.113."))


@pytest.fixture
def seen(cast: Cast) -> UnclaimedConsole:
    return UnclaimedConsole.objects.create(
        digest=console_digest(f"PASSKEY {PASSKEY}"),
        shows="PASSKEY",
        ending="E55D",
        model="GW2000A <b>",
        door="ecowitt",
        network=HOME,
        last_seen_at=timezone.now(),
    )


def signed_in(operator: Operator, address: str = HOME) -> Client:
    client = Client(REMOTE_ADDR=address)
    client.force_login(operator)
    return client


def alone(operator: Operator) -> Client:
    Operator.objects.exclude(pk=operator.pk).update(is_active=False)
    return signed_in(operator, "192.168.1.20")


def test_only_operator_claims_a_console_for_a_new_sensor(cast: Cast, seen: UnclaimedConsole) -> None:
    client = alone(cast.owner)
    page = client.get("/sensors/consoles/").text
    answer = client.post(f"/sensors/consoles/{seen.pk}/claim/", {"sensor": f"new:{cast.site.uuid}", "name": "Roof"})

    assert "GW2000A &lt;b&gt;" in page
    assert "…E55D" in page
    sensor = Sensor.objects.get(name="Roof")
    assert answer.headers["location"] == f"/sensors/{sensor.uuid}/start/"
    assert sensor.console.ending == "E55D"


def test_others_see_no_ending_and_must_write_it(cast: Cast, seen: UnclaimedConsole) -> None:
    client = signed_in(cast.owner)
    page = client.get("/sensors/consoles/").text
    wrong = client.post(f"/sensors/consoles/{seen.pk}/claim/", {"sensor": str(cast.sensor.uuid), "ending": "0000"})
    right = client.post(f"/sensors/consoles/{seen.pk}/claim/", {"sensor": str(cast.sensor.uuid), "ending": "E55D"})

    assert "GW2000A" in page
    assert "E55D" not in page
    assert HOME not in page
    assert (wrong.status_code, right.status_code) == (400, 302)
    assert "Look on its screen" in wrong.text


def test_outsider_elsewhere_sees_nothing_and_leaves_no_sensor_behind(cast: Cast, seen: UnclaimedConsole) -> None:
    client = signed_in(cast.outsider, "203.0.113.99")
    page = client.get("/sensors/consoles/").text
    answer = client.post(
        f"/sensors/consoles/{seen.pk}/claim/", {"sensor": f"new:{cast.other_site.uuid}", "ending": "E55D"}
    )

    assert "GW2000A" not in page
    assert answer.status_code == 404
    assert Sensor.objects.count() == 2
    assert UnclaimedConsole.objects.count() == 1


def test_somebody_elses_sensor_cannot_be_chosen(cast: Cast, seen: UnclaimedConsole) -> None:
    answer = signed_in(cast.owner).post(
        f"/sensors/consoles/{seen.pk}/claim/", {"sensor": str(cast.other_sensor.uuid), "ending": "E55D"}
    )

    assert answer.status_code == 400
    assert Console.objects.count() == 0


def test_nobody_sees_anything_without_signing_in(cast: Cast, seen: UnclaimedConsole) -> None:
    answers = [
        Client(REMOTE_ADDR=HOME).get("/sensors/consoles/"),
        Client(REMOTE_ADDR=HOME).post(f"/sensors/consoles/{seen.pk}/claim/"),
        Client(REMOTE_ADDR=HOME).get(f"/sensors/{cast.sensor.uuid}/console/"),
    ]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert all("/sign-in/" in answer.headers["location"] for answer in answers)


def test_console_page_says_how_it_is_known_and_changes_how_it_is_read(cast: Cast) -> None:
    client, page = signed_in(cast.editor), f"/sensors/{cast.sensor.uuid}/console/"
    client.post(f"{page}identity/", {"passkey": PASSKEY})
    client.post(page, {"rain_gauge": "piezo", "field_units": "metric_ms"})

    shown = client.get(page).text
    assert "…E55D" in shown
    assert PASSKEY not in shown
    console = Console.objects.get(sensor=cast.sensor)
    assert (console.rain_gauge, console.field_units, console.digest is None) == ("piezo", "metric_ms", False)

    client.post(f"{page}forget/")
    assert Console.objects.get(sensor=cast.sensor).digest is None


@pytest.mark.parametrize("given", [{}, {"passkey": "nonsense"}, {"station_id": "x"}])
def test_console_cannot_be_named_by_what_is_nothing(cast: Cast, given: dict[str, str]) -> None:
    answer = signed_in(cast.owner).post(f"/sensors/{cast.sensor.uuid}/console/identity/", given)

    assert answer.status_code == 400
    assert not Console.objects.filter(digest__isnull=False).exists()


def test_unit_that_is_no_choice_is_refused(cast: Cast) -> None:
    given = {"rain_gauge": "bucket", "field_units": "as_named"}

    assert signed_in(cast.owner).post(f"/sensors/{cast.sensor.uuid}/console/", given).status_code == 400


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("editor", 200), ("member", 403), ("outsider", 404)])
def test_console_page_is_for_who_may_edit_the_sensor(cast: Cast, who: str, status: int) -> None:
    client = signed_in(getattr(cast, who))
    answers = [
        client.get(f"/sensors/{cast.sensor.uuid}/console/"),
        client.post(f"/sensors/{cast.sensor.uuid}/console/identity/", {"passkey": PASSKEY}),
        client.post(f"/sensors/{cast.sensor.uuid}/console/forget/"),
    ]

    assert [answer.status_code for answer in answers] == [status, *([302] * 2 if status == 200 else [status] * 2)]


def test_onboarding_fills_in_host_port_and_key_for_a_console(cast: Cast) -> None:
    client = signed_in(cast.owner)
    client.post(f"/sensors/{cast.sensor.uuid}/keys/", {"back": "start"})

    page = client.get(f"/sensors/{cast.sensor.uuid}/start/", headers={"host": "localhost:8123"}).text

    example = page[page.index('data-example="console"') :]
    assert ">localhost</code>" in example
    assert ">8123</code>" in example
    assert "/data/report/sf_" in example
    assert example.count("<sf-copy") >= 12
