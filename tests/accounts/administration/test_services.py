"""Switches of features, and announcements; what closing a feature refuses, and what goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from sensorfusion.accounts.administration.models import Announcement, Feature
from sensorfusion.accounts.administration.queries import announced, closed_features, ended
from sensorfusion.accounts.administration.services import end_announcement, make_announcement, switch_feature
from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.domain.refusals import Refusal
from sensorfusion.ingest.files import uploads
from sensorfusion.send_on.services import add_destination, change_destination
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.services import save_poll
from sensorfusion.sharing.services import make_share
from sensorfusion.sharing.sites.services import Part, Shown, end_page, share_site
from sensorfusion.webhooks.services import make_webhook
from tests.clients import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
POLL: Final = PollDetails(
    url="https://device.example.org/", interval_s=60, headers="", fields="temperature = $.t", is_on=True
)
WOW: Final = {"site": "917006001", "key": "123456"}


def a_webhook(cast: Cast) -> Any:
    url = "https://hooks.example.org/"
    return make_webhook(by=cast.owner, site=cast.site, now=NOW, name="x", url=url, events=["readings"])


def a_page(cast: Cast, slug: str | None = None) -> Any:
    shown = Shown(name="Orchard", parts=[Part(sensor=cast.sensor, name="Mast", quantities=["temperature"])], slug=slug)
    return share_site(by=cast.owner, site=cast.site, shown=shown, now=NOW)


def an_upload(cast: Cast) -> Any:
    file = SimpleUploadedFile("a.csv", b"time,temperature\n")
    return uploads.receive(by=cast.owner, sensor=cast.sensor, uploaded=file, now=NOW)


MAKES: Final[list[tuple[Feature, Callable[[Cast], Any]]]] = [
    (Feature.WEBHOOKS, a_webhook),
    (
        Feature.SEND_ON,
        lambda cast: add_destination(by=cast.owner, sensor=cast.sensor, network="wow", account=WOW, now=NOW),
    ),
    (
        Feature.SHARING,
        lambda cast: make_share(by=cast.owner, sensor=cast.sensor, name="x", quantities=["temperature"], now=NOW),
    ),
    (Feature.SHARING, a_page),
    (Feature.POLLING, lambda cast: save_poll(by=cast.owner, sensor=cast.sensor, details=POLL, now=NOW)),
    (Feature.IMPORTS, an_upload),
]


def close(cast: Cast, *features: Feature) -> None:
    for feature in features:
        switch_feature(by=cast.owner, feature=feature, is_on=False, now=NOW)


@pytest.mark.parametrize(("feature", "make"), MAKES)
def test_nothing_new_is_made_of_a_closed_feature_and_again_when_it_is_open(
    cast: Cast, feature: Feature, make: Callable[[Cast], Any]
) -> None:
    close(cast, feature)

    with pytest.raises(Refusal) as refused:
        make(cast)
    switch_feature(by=cast.owner, feature=feature, is_on=True, now=NOW)

    assert (refused.value.code, refused.value.status) == ("switched_off", 403)
    assert make(cast)


def test_every_feature_has_something_that_it_closes() -> None:
    assert {feature for feature, _ in MAKES} == set(Feature)


@pytest.mark.parametrize(("feature", "make"), MAKES)
def test_other_features_stay_open(cast: Cast, feature: Feature, make: Callable[[Cast], Any]) -> None:
    close(cast, *(each for each in Feature if each is not feature))

    assert make(cast)


def test_what_exists_is_changed_and_ended_as_before(cast: Cast) -> None:
    page = a_page(cast)
    sent = add_destination(by=cast.owner, sensor=cast.sensor, network="wow", account=WOW, now=NOW)
    save_poll(by=cast.owner, sensor=cast.sensor, details=POLL, now=NOW)
    close(cast, *Feature)

    save_poll(by=cast.owner, sensor=cast.sensor, details=POLL, now=NOW)
    assert not change_destination(by=cast.owner, destination=sent, now=NOW, is_on=False).is_on
    assert a_page(cast) == page
    end_page(by=cast.owner, page=page)


def test_a_page_by_link_does_not_become_public_when_sharing_is_closed(cast: Cast) -> None:
    a_page(cast)
    close(cast, Feature.SHARING)

    with pytest.raises(Refusal, match="closed"):
        a_page(cast, slug="orchard")


def test_a_switch_is_recorded_once(cast: Cast) -> None:
    for is_on in (True, False, False, True, True):
        switch_feature(by=cast.owner, feature=Feature.IMPORTS, is_on=is_on, now=NOW)

    entries = AuditEntry.objects.filter(action=Action.FEATURE_SWITCHED).order_by("id")
    assert [entry.subject for entry in entries] == [
        "Importing files from pages: off",
        "Importing files from pages: on",
    ]
    assert closed_features() == frozenset()


def test_an_announcement_ends_by_itself_or_before(cast: Cast) -> None:
    first, second = (
        make_announcement(by=cast.owner, text=text, ends_at=NOW + timedelta(hours=2), now=NOW)
        for text in ("We move.", "We moved.")
    )
    end_announcement(by=cast.owner, announcement=first, now=NOW + timedelta(hours=1))
    end_announcement(by=cast.owner, announcement=first, now=NOW + timedelta(hours=1))

    assert list(announced(now=NOW)) == [second, first]
    assert list(announced(now=NOW + timedelta(hours=1))) == [second]
    assert list(ended(now=NOW + timedelta(hours=2))) == [second, first]
    assert AuditEntry.objects.filter(action=Action.ANNOUNCEMENT_ENDED).count() == 1


def test_an_announcement_needs_a_text_and_an_end_that_is_to_come(cast: Cast) -> None:
    with pytest.raises(Refusal, match="future"):
        make_announcement(by=cast.owner, text="We move.", ends_at=NOW, now=NOW)
    for text in ("", "x" * 301, "two\nlines"):
        with pytest.raises(ValidationError):
            make_announcement(by=cast.owner, text=text, ends_at=NOW + timedelta(hours=1), now=NOW)

    assert not Announcement.objects.exists()
