"""A sensor is public in one step, on the page of its site, and nothing that is shown to fewer people becomes public."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.models import Membership
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor
from sensorfusion.sharing.models import Grid, SiteShare
from sensorfusion.sharing.sites.publishing import end_public, make_public
from sensorfusion.sharing.sites.services import Part
from tests.conftest import Cast
from tests.sharing.sites.conftest import SECRET, SPARE, Make, now


def published(sensor: Sensor, **more: Any) -> SiteShare:
    given = {"name": "Cellar", "quantities": ["temperature"], "now": now(), **more}
    return make_public(sensor=sensor, **given)


def parts(page: SiteShare) -> dict[str, list[str]]:
    return {part.name: part.quantities for part in page.parts.all()}


@pytest.fixture
def private(make: Make) -> None:
    """The sensors of `make` without a page."""
    make()
    SiteShare.objects.all().delete()


@pytest.mark.usefixtures("private")
def test_a_sensor_of_a_private_site_gets_a_page_that_everybody_reads(client: Client, cast: Cast) -> None:
    page = published(cast.sensor, by=cast.editor, name="Garden", slug="garden", grid=Grid.NARROW)

    assert (page.name, page.grid, parts(page)) == ("Garden", Grid.NARROW, {"Garden": ["temperature"]})
    answer = client.get("/p/garden/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "12.5" in text
    assert not [each for each in (SPARE, str(SECRET), str(cast.sensor.uuid), "Humidity") if each in text]


@pytest.mark.usefixtures("private")
def test_a_new_page_needs_an_address(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        published(cast.sensor, by=cast.owner)

    assert refused.value.field == "slug"
    assert not SiteShare.objects.exists()


def test_a_public_page_takes_another_sensor_and_stays_as_it_is(cast: Cast, make: Make, hidden: Sensor) -> None:
    before = make(slug="road", history="30d")
    token = before.parts.get().digest

    page = published(hidden, by=cast.editor, slug="another", grid=Grid.WIDE)

    assert page.pk == before.pk
    assert (page.slug, page.name, page.history, page.grid) == ("road", "North Road", "30d", Grid.NARROW)
    assert parts(page) == {"Garden": ["temperature", "humidity"], "Cellar": ["temperature"]}
    assert page.parts.get(name="Garden").digest == token
    assert page.made_by == cast.editor


def test_made_public_twice_a_sensor_is_once_on_the_page(cast: Cast, make: Make) -> None:
    make(slug="road")

    page = published(cast.sensor, by=cast.owner, name="Mast", quantities=["humidity"])

    assert parts(page) == {"Mast": ["humidity"]}


def test_a_sensor_is_taken_off_and_the_others_stay(client: Client, cast: Cast, make: Make, hidden: Sensor) -> None:
    page = make(slug="road")
    published(hidden, by=cast.owner)
    assert "Cellar" in client.get("/p/road/").content.decode()

    end_public(by=cast.editor, sensor=hidden, now=now())

    assert parts(page) == {"Garden": ["temperature", "humidity"]}
    text = client.get("/p/road/").content.decode()
    assert "Garden" in text
    assert "Cellar" not in text


def test_a_sensor_that_moved_to_another_site_is_in_nobodys_way(cast: Cast, make: Make, hidden: Sensor) -> None:
    page = make(slug="road")
    Sensor.objects.filter(pk=cast.sensor.pk).update(site=cast.other_site)

    published(hidden, by=cast.owner)
    assert parts(page).keys() == {"Cellar"}
    end_public(by=cast.owner, sensor=hidden, now=now())

    assert not SiteShare.objects.exists()


def test_the_page_ends_with_its_last_sensor(client: Client, cast: Cast, make: Make) -> None:
    make(slug="road")

    end_public(by=cast.owner, sensor=cast.sensor, now=now())

    assert not SiteShare.objects.exists()
    assert client.get("/p/road/").status_code == 404


def test_a_sensor_that_is_not_on_the_page_is_not_taken_off(cast: Cast, make: Make, hidden: Sensor) -> None:
    page = make(slug="road")

    end_public(by=cast.editor, sensor=hidden, now=now())

    assert parts(page) == {"Garden": ["temperature", "humidity"]}
    assert SiteShare.objects.get().made_by == cast.owner
    assert [each.action for each in AuditEntry.objects.filter(site=cast.site)].count(Action.SHARE_MADE) == 1


@pytest.mark.parametrize("more", [{}, {"password": "open, sesame"}])
def test_a_page_by_link_does_not_become_public(cast: Cast, make: Make, hidden: Sensor, more: dict[str, str]) -> None:
    page = make(**more)

    with pytest.raises(Refusal, match="not public"):
        published(hidden, by=cast.owner, slug="road")
    with pytest.raises(Refusal, match="no public page"):
        end_public(by=cast.owner, sensor=cast.sensor, now=now())

    page.refresh_from_db()
    assert (page.slug, parts(page)) == (None, {"Garden": ["temperature", "humidity"]})


def test_a_page_that_has_expired_is_not_opened_again(cast: Cast, make: Make, hidden: Sensor) -> None:
    page = make(slug="road", expires_at=now() + timedelta(days=1))

    with pytest.raises(Refusal, match="not public"):
        published(hidden, by=cast.owner, now=now() + timedelta(days=2))

    assert parts(page).keys() == {"Garden"}


def test_the_page_of_a_former_editor_is_not_opened_again(
    client: Client, cast: Cast, make: Make, hidden: Sensor
) -> None:
    make(slug="road", by=cast.editor)
    Membership.objects.filter(operator=cast.editor, site=cast.site).delete()

    with pytest.raises(Refusal, match="not public"):
        published(hidden, by=cast.owner)
    with pytest.raises(Refusal, match="no public page"):
        end_public(by=cast.owner, sensor=cast.sensor, now=now())

    assert SiteShare.objects.get().made_by == cast.editor
    assert client.get("/p/road/").status_code == 404


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_only_editors_make_a_sensor_public_or_end_that(cast: Cast, make: Make, hidden: Sensor, who: str) -> None:
    page, by = make(slug="road"), getattr(cast, who)

    for call in (
        lambda: published(hidden, by=by),
        lambda: end_public(by=by, sensor=cast.sensor, now=now()),
    ):
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.code == "not_allowed"

    assert parts(page).keys() == {"Garden"}


def test_a_part_of_another_site_is_not_on_the_page(cast: Cast, make: Make) -> None:
    make(slug="road", parts=[Part(cast.sensor, "Garden", ["temperature"])])

    with pytest.raises(Refusal) as refused:
        published(cast.other_sensor, by=cast.owner)

    assert refused.value.code == "not_allowed"


def test_the_audit_log_has_what_is_shown_before_and_after(cast: Cast, make: Make, hidden: Sensor) -> None:
    make(slug="road")
    published(hidden, by=cast.editor)
    end_public(by=cast.editor, sensor=hidden, now=now())

    added, taken = AuditEntry.objects.filter(action=Action.SHARE_CHANGED).order_by("id")

    shown = f"{hidden.name}: temperature"
    before, after = added.subject.split(" → ")
    assert (shown in before, shown in after) == (False, True)
    before, after = taken.subject.split(" → ")
    assert (shown in before, shown in after) == (True, False)
    assert added.operator == taken.operator == cast.editor
