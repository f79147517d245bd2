"""The pages of webhooks: for owners of the site, and for nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.sensors.keys.encryption import decrypt
from sensorfusion.webhooks.models import Attempt, Delivery, Webhook
from sensorfusion.webhooks.pages import ON_A_PAGE
from sensorfusion.webhooks.services import TESTS_PER_HOUR, WEBHOOKS_MOST, make_webhook
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
SAID_ONCE = "Copy it now: it is shown only once."


def signed_in(by: Operator) -> Client:
    client = Client()
    client.force_login(by)
    return client


def given(**fields: Any) -> dict[str, Any]:
    made = {"name": "Archive", "url": "https://example.org/in", "events": ["readings", "sensor.offline"]}
    return {**made, "readings_most": 200, "readings_every_s": 10, **fields}


def made(cast: Cast, **fields: Any) -> Webhook:
    told = {"name": "Archive", "url": "https://example.org/in", "events": ["readings"], **fields}
    return make_webhook(by=cast.owner, site=cast.site, now=timezone.now(), **told).webhook


def path(cast: Cast, *parts: object) -> str:
    return "/".join(str(each) for each in (f"/sites/{cast.site.uuid}/webhooks", *parts, ""))


def main(page: Any) -> str:
    text = page.content.decode()
    return str(text[text.index("<main") : text.index("</main>")])


def delivery(webhook: Webhook, **fields: Any) -> Delivery:
    now = timezone.now()
    times = {"made_at": now, "expires_at": now + timedelta(days=1), "next_attempt_at": now}
    return Delivery.objects.create(webhook=webhook, **{"event": "readings", **times, **fields})


def test_an_owner_adds_one_and_sees_its_secret_once(cast: Cast) -> None:
    client = signed_in(cast.owner)

    page = client.post(path(cast, "add"), given(sensors=[cast.sensor.uuid]), follow=True)

    webhook = Webhook.objects.get()
    assert page.redirect_chain == [(path(cast, webhook.uuid), 302)]
    assert (webhook.url, webhook.events, webhook.of_all) == (
        "https://example.org/in", ["readings", "sensor.offline"], False
    )  # fmt: skip
    assert list(webhook.sensors.all()) == [cast.sensor]
    secret = decrypt(webhook.secret)
    assert secret is not None
    assert secret in main(page)
    assert SAID_ONCE in main(page)
    again = main(client.get(path(cast, webhook.uuid)))
    assert secret not in again
    assert SAID_ONCE not in again


def test_the_list_names_them_with_their_events(cast: Cast) -> None:
    client = signed_in(cast.owner)
    assert "There are no webhooks." in main(client.get(path(cast)))
    webhook = made(cast, name="House <1>", is_on=False)

    page = main(client.get(path(cast)))

    assert "House &lt;1&gt;" in page
    assert "Paused" in page
    assert path(cast, webhook.uuid) in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "ftp://example.org/"}, 'id="id_url_error"'),
        ({"url": "http://example.org/"}, "The address must begin with https://."),
        ({"events": []}, 'id="id_events_error"'),
        ({"readings_most": 0}, 'id="id_readings_most_error"'),
        ({"name": ""}, 'id="id_name_error"'),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_made(cast: Cast, fields: dict[str, Any], said: str) -> None:
    page = signed_in(cast.owner).post(path(cast, "add"), given(**fields))

    assert page.status_code == 400
    assert said in main(page)
    assert not Webhook.objects.exists()


def test_sensors_of_other_sites_are_no_choice(cast: Cast) -> None:
    answer = signed_in(cast.owner).post(path(cast, "add"), given(sensors=[cast.other_sensor.uuid]))

    assert answer.status_code == 400


def test_as_many_as_there_may_be_are_said(cast: Cast) -> None:
    for number in range(WEBHOOKS_MOST):
        made(cast, name=f"No. {number}")

    page = signed_in(cast.owner).post(path(cast, "add"), given())

    assert (page.status_code, "Delete some that are old." in main(page)) == (400, True)


def test_the_form_shows_what_is_stored_and_changes_it(cast: Cast) -> None:
    webhook, client = made(cast, sensors=[cast.sensor]), signed_in(cast.owner)
    address = path(cast, webhook.uuid)

    page = main(client.get(address))
    assert f'value="{cast.sensor.uuid}" id="id_sensors_0" checked' in page
    assert 'value="https://example.org/in"' in page
    assert client.post(address, given(name="Other", events=["member.left"])).headers["Location"] == address

    webhook.refresh_from_db()
    assert (webhook.name, webhook.events, webhook.of_all) == ("Other", ["member.left"], True)


def test_buttons_test_pause_resume_and_rotate(cast: Cast) -> None:
    webhook, client = made(cast), signed_in(cast.owner)

    def act(action: str) -> str:
        page = main(client.post(path(cast, webhook.uuid, "act"), {"action": action}, follow=True))
        webhook.refresh_from_db()
        return page

    assert "A test is sent." in act("test")
    assert Delivery.objects.get().event == "test"
    assert "Archive is paused." in act("pause")
    assert not webhook.is_on
    assert "Archive is resumed." in act("resume")
    assert webhook.is_on
    before = decrypt(webhook.secret)
    page = act("rotate")
    assert decrypt(webhook.secret) not in (None, before)
    assert str(decrypt(webhook.secret)) in page
    assert "The old secret signs, too, until" in page


def test_too_many_tests_are_refused_aloud(cast: Cast, stopped_clock: None) -> None:
    webhook, client = made(cast), signed_in(cast.owner)
    pages = [
        main(client.post(path(cast, webhook.uuid, "act"), {"action": "test"}, follow=True))
        for _ in range(TESTS_PER_HOUR + 1)
    ]

    assert ["Enough tests for now." in page for page in pages] == [False] * TESTS_PER_HOUR + [True]


def test_the_log_has_each_attempt_and_sends_again(cast: Cast) -> None:
    webhook, client, now = made(cast), signed_in(cast.owner), timezone.now()
    dead = delivery(webhook, event="sensor.offline", given_up_at=now, attempts=1)
    Attempt.objects.create(delivery=dead, at=now, is_accepted=False, said="HTTP 500 <b>")
    waits = delivery(webhook, attempts=1)

    page = main(client.get(path(cast, webhook.uuid)))
    assert "A sensor is offline" in page
    assert "HTTP 500 &lt;b&gt;" in page
    assert "Given up" in page
    assert "Send again what was given up: 1" in page
    assert path(cast, webhook.uuid, "deliveries", waits.uuid, "replay") not in page
    again = client.post(path(cast, webhook.uuid, "deliveries", dead.uuid, "replay"), follow=True)
    assert "It is sent again." in main(again)

    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("waiting", 0)
    one_that_waits = client.post(path(cast, webhook.uuid, "deliveries", waits.uuid, "replay"), follow=True)
    assert "It is not sent again" in main(one_that_waits)


def test_all_that_was_given_up_is_sent_again_at_once(cast: Cast) -> None:
    webhook, now = made(cast), timezone.now()
    other = made(cast, name="Other")
    for each in (webhook, webhook, other):
        delivery(each, given_up_at=now)
    delivery(webhook, sent_at=now)

    page = signed_in(cast.owner).post(path(cast, webhook.uuid, "act"), {"action": "replay"}, follow=True)

    assert "Sent again: 2." in main(page)
    assert Delivery.objects.filter(sent_at=None, given_up_at=None).count() == 2


def test_a_long_log_has_pages(cast: Cast) -> None:
    webhook, client = made(cast), signed_in(cast.owner)
    for _ in range(ON_A_PAGE + 1):
        delivery(webhook, sent_at=timezone.now())

    first, second = (main(client.get(f"{path(cast, webhook.uuid)}{query}")) for query in ("", "?page=2"))

    assert (first.count("<article"), second.count("<article")) == (ON_A_PAGE, 1)
    assert ("Older" in first, "Newer" in second) == (True, True)


def test_deleting_asks_for_the_name(cast: Cast) -> None:
    webhook, client = made(cast), signed_in(cast.owner)

    wrong = client.post(path(cast, webhook.uuid, "delete"), {"typed": "archive"})
    assert (wrong.status_code, "That does not match." in main(wrong)) == (400, True)
    page = client.post(path(cast, webhook.uuid, "delete"), {"typed": "Archive"}, follow=True)

    assert "Archive is deleted." in main(page)
    assert not Webhook.objects.exists()


def test_one_that_sends_nothing_any_more_says_so(cast: Cast) -> None:
    webhook = made(cast)
    Membership.objects.filter(operator=cast.owner).update(role=Role.EDITOR)
    Membership.objects.filter(operator=cast.editor).update(role=Role.OWNER)
    client = signed_in(cast.editor)

    assert "Sends nothing" in main(client.get(path(cast)))
    assert "does not own the site any more, so nothing is sent." in main(client.get(path(cast, webhook.uuid)))


def test_the_page_of_the_site_leads_there_for_owners_only(cast: Cast) -> None:
    pages = [
        signed_in(each).get(f"/sites/{cast.site.uuid}/settings/").content.decode() for each in (cast.owner, cast.editor)
    ]

    assert [path(cast) in page for page in pages] == [True, False]


@pytest.mark.parametrize(("who", "status"), [("editor", 403), ("member", 403), ("outsider", 404)])
def test_others_neither_see_nor_change_anything(cast: Cast, who: str, status: int) -> None:
    webhook = made(cast)
    sent = delivery(webhook, sent_at=timezone.now())
    client = signed_in(getattr(cast, who))
    posted: dict[tuple[object, ...], dict[str, Any]] = {
        (): {}, ("add",): given(), (webhook.uuid,): given(name="Mine"),
        (webhook.uuid, "act"): {"action": "pause"}, (webhook.uuid, "delete"): {"typed": "Archive"},
        (webhook.uuid, "deliveries", sent.uuid, "replay"): {},
    }  # fmt: skip

    shown: list[tuple[object, ...]] = [(), ("add",), (webhook.uuid,)]
    for parts in shown:
        answer = client.get(path(cast, *parts))
        assert answer.status_code == status
        assert "example.org/in" not in answer.content.decode()
    for parts, fields in posted.items():
        if parts:
            assert client.post(path(cast, *parts), fields).status_code == status

    webhook.refresh_from_db()
    sent.refresh_from_db()
    assert (webhook.name, webhook.is_on, sent.state, Webhook.objects.count()) == ("Archive", True, "sent", 1)


def test_a_webhook_of_another_site_is_not_found_below_ones_own(cast: Cast) -> None:
    webhook = made(cast)

    answer = signed_in(cast.outsider).get(f"/sites/{cast.other_site.uuid}/webhooks/{webhook.uuid}/")

    assert answer.status_code == 404


def test_log_is_in_the_language_of_the_reader(cast: Cast) -> None:
    webhook = made(cast)
    now = timezone.now()
    given_up = delivery(webhook, event="sensor.offline", given_up_at=now, attempts=8)
    Attempt.objects.create(delivery=given_up, at=now, is_accepted=False, said="no answer within 10 s")

    page = signed_in(cast.owner).get(path(cast, webhook.uuid), HTTP_ACCEPT_LANGUAGE="de")
    shown = " ".join(main(page).split())

    assert "Ein Sensor ist offline, <time" in shown
    assert "Aufgegeben." in shown
    assert "Nicht angenommen um " in shown
    assert ": keine Antwort innerhalb von 10 s" in shown
    assert "Aufgegebene erneut senden: 1" in shown
