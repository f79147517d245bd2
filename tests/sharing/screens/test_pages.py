"""A television gets a code, and nothing of anybody until an editor enters it; then one link, which can be revoked."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor
from sensorfusion.sharing.models import Screen, Share, SiteShare
from sensorfusion.sharing.screens import pages, services
from sensorfusion.sharing.screens.services import ALPHABET, LASTS, open_page_on_screen, show_code, typed
from sensorfusion.sharing.services import end_share
from sensorfusion.sharing.sites.services import Part, Shown, end_page, share_site
from sensorfusion.web.values.qr import Code
from tests.conftest import Cast
from tests.storing import store
from tests.web.values.qr_reader import read

GIVEN: Final = {"name": "Garden air", "quantities": ["temperature"], "grid": "0"}


@pytest.fixture(autouse=True)
def no_requests_so_far() -> None:
    pages.REQUESTS.forget()


@pytest.fixture
def sent(cast: Cast) -> None:
    begun = datetime.now(UTC) - timedelta(minutes=30)
    store(cast.sensor, [(begun + timedelta(minutes=each), {"temperature": 12.5, "humidity": 61}) for each in range(30)])


@pytest.fixture
def tv(db: None) -> Client:
    return Client()


def code_of(tv: Client) -> str:
    found = re.search(r'class="screen-code">([^<]+)<', tv.get("/tv/").content.decode())
    assert found
    return found[1]


def enter(operator: Operator, sensor: Sensor, **given: Any) -> Any:
    client = Client()
    client.force_login(operator)
    return client.post(f"{reverse('tv-open')}?sensor={sensor.uuid}", {**GIVEN, **given})


def test_the_screen_shows_what_was_chosen_once_its_code_was_entered(tv: Client, cast: Cast, sent: None) -> None:
    code = code_of(tv)
    assert tv.get("/tv/state/").json() == {"address": ""}

    assert enter(cast.editor, cast.sensor, code=code.lower()).status_code == 302

    address = tv.get("/tv/state/").json()["address"]
    page = tv.get(address).content.decode()
    assert "Garden air" in page
    assert "12.5" in page
    assert "Humidity" not in page
    assert str(cast.sensor.uuid) not in page
    assert tv.get("/tv/").headers["Location"] == address


def test_a_code_is_used_once(tv: Client, cast: Cast, sent: None) -> None:
    code = code_of(tv)
    enter(cast.owner, cast.sensor, code=code)

    again = enter(cast.owner, cast.sensor, code=code)

    assert again.status_code == 400
    assert "No screen shows this code now" in again.content.decode()
    assert Share.objects.count() == 1


def test_another_browser_gets_nothing_for_the_code(tv: Client, cast: Cast, sent: None) -> None:
    enter(cast.owner, cast.sensor, code=code_of(tv))

    assert Client().get("/tv/state/").status_code == 404
    assert "/s/" not in Client().get("/tv/").content.decode()
    assert tv.cookies["tv"]["httponly"]
    assert tv.cookies["tv"]["path"] == "/tv/"


def test_sensors_of_others_and_of_sites_that_one_only_views_cannot_be_shown(tv: Client, cast: Cast, sent: None) -> None:
    code = code_of(tv)

    assert enter(cast.outsider, cast.sensor, code=code).status_code == 404
    assert enter(cast.member, cast.sensor, code=code).status_code in (403, 404)
    assert tv.get("/tv/state/").json() == {"address": ""}
    assert not Share.objects.exists()
    client = Client()
    for operator in (cast.outsider, cast.member):
        client.force_login(operator)
        assert cast.sensor.name not in re.sub(r"<nav.*?</nav>", "", choice(client), flags=re.DOTALL)


def choice(client: Client) -> str:
    found = re.search(r"<main.*</main>", client.get(reverse("tv-open")).content.decode(), re.DOTALL)
    assert found
    return found[0]


def test_a_stranger_signs_in_first_and_keeps_the_code(client: Client, db: None) -> None:
    answer = client.get(f"{reverse('tv-open')}?code=K7M2FQ")

    assert answer.status_code == 302
    assert "K7M2FQ" in answer.headers["Location"]


def test_a_code_ends_after_ten_minutes_and_the_screen_gets_another(tv: Client, cast: Cast, sent: None) -> None:
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False):
        code = code_of(tv)
        assert code_of(tv) == code
    with time_machine.travel(now + LASTS, tick=False):
        assert tv.get("/tv/state/").status_code == 404
        assert enter(cast.owner, cast.sensor, code=code).status_code == 400
        assert code_of(tv) != code
        assert Screen.objects.count() == 1


def test_wrong_codes_are_limited_and_right_ones_are_not(
    tv: Client, cast: Cast, sent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PER_OPERATOR", 3)
    for _ in range(2):
        enter(cast.owner, cast.sensor, code="ZZZ-ZZZ")
    for _ in range(3):
        assert enter(cast.owner, cast.sensor, code=code_of(Client())).status_code == 302
    enter(cast.owner, cast.sensor, code="ZZZ-ZZZ")

    refused = enter(cast.owner, cast.sensor, code=code_of(tv))

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert enter(cast.editor, cast.sensor, code=code_of(tv)).status_code == 302


def test_a_network_that_asks_too_often_waits(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PER_NETWORK", 2)

    assert [client.get("/tv/").status_code for _ in range(3)] == [200, 200, 429]


def test_there_are_no_more_open_codes_than_may_be(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "OPEN_MOST", 2)
    now = datetime.now(UTC)
    for number in range(2):
        show_code(secret=f"secret {number}", now=now)

    with pytest.raises(Refusal, match="Too many screens"):
        show_code(secret="another", now=now)
    assert Client().get("/tv/").status_code == 503
    show_code(secret="another", now=now + LASTS)


def test_the_link_is_in_the_list_and_the_audit_log_and_ends_with_its_revocation(
    tv: Client, cast: Cast, sent: None
) -> None:
    enter(cast.owner, cast.sensor, code=code_of(tv))
    address = tv.get("/tv/state/").json()["address"]
    owner = Client()
    owner.force_login(cast.owner)
    assert "for a TV" in owner.get(f"/sensors/{cast.sensor.uuid}/shares/").content.decode()
    assert AuditEntry.objects.filter(action=Action.SHARE_MADE, operator=cast.owner).count() == 1

    end_share(by=cast.owner, share=Share.objects.get())

    assert tv.get(address).status_code == 404
    assert tv.get("/tv/state/").status_code == 404
    assert not Screen.objects.exists()


def test_the_link_ends_with_the_role_of_the_operator_who_made_it(tv: Client, cast: Cast, sent: None) -> None:
    enter(cast.editor, cast.sensor, code=code_of(tv))
    address = tv.get("/tv/state/").json()["address"]

    cast.editor.memberships.all().delete()

    assert tv.get(address).status_code == 404


def test_codes_are_random_and_of_letters_that_are_not_mistaken_for_others(db: None) -> None:
    now = datetime.now(UTC)
    codes = {show_code(secret=f"secret {number}", now=now).code for number in range(200)}

    assert len(codes) == 200
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set("01ILOAEU") & set(ALPHABET)
    assert len(ALPHABET) ** 6 > 4e8
    assert typed("k7m-2fq ") == "K7M2FQ"


def test_the_qr_code_leads_to_the_page_with_the_code(tv: Client) -> None:
    html = tv.get("/tv/").content.decode()
    code, side = re.search(r'class="screen-code">([^<]+)<', html), re.search(r'viewBox="0 0 (\d+) \1"', html)
    path = re.search(r'<path d="([^"]+)"/>\s*</svg>\s*</section>', html)
    assert code
    assert side
    assert path

    assert read(Code(int(side[1]), path[1])) == f"http://testserver/tv/open/?code={code[1].replace('-', '')}"


def page_of_site(cast: Cast, **more: Any) -> SiteShare:
    parts = [Part(cast.sensor, "Garden", ["temperature"])]
    shown = Shown(**{"name": "North Road", "parts": parts, **more})
    return share_site(by=cast.owner, site=cast.site, shown=shown, now=datetime.now(UTC))


def enter_page(operator: Operator, page: SiteShare, code: str) -> Any:
    client = Client()
    client.force_login(operator)
    return client.post(f"{reverse('tv-open')}?sensor={page.uuid}", {"code": code})


def test_a_screen_shows_the_page_of_a_site_until_that_ends(tv: Client, cast: Cast, sent: None) -> None:
    page = page_of_site(cast, slug="north-road")
    code = code_of(tv)
    client = Client()
    client.force_login(cast.editor)
    assert "North Road · all sensors of the page" in choice(client)
    assert "until" in client.get(f"{reverse('tv-open')}?sensor={page.uuid}&code={code}").content.decode()

    assert enter_page(cast.editor, page, code).status_code == 302

    address = tv.get("/tv/state/").json()["address"]
    assert "north-road" not in address, "the address stays if the page is renamed"
    html = tv.get(address).content.decode()
    assert "12.5" in html
    assert "Humidity" not in html
    assert tv.get("/tv/").headers["Location"] == address
    assert enter_page(cast.editor, page, code).status_code == 400
    entry = AuditEntry.objects.filter(action=Action.SHARE_CHANGED, operator=cast.editor).get()
    assert "on a screen" in entry.subject

    end_page(by=cast.owner, page=page)
    assert tv.get(address).status_code == 404
    assert tv.get("/tv/state/").status_code == 404


def test_pages_of_others_and_with_a_password_cannot_be_shown(tv: Client, cast: Cast, sent: None) -> None:
    page, code = page_of_site(cast), code_of(tv)
    assert enter_page(cast.outsider, page, code).status_code == 404
    assert enter_page(cast.member, page, code).status_code == 404

    page = page_of_site(cast, password="open, sesame seed")
    assert enter_page(cast.owner, page, code).status_code == 404
    with pytest.raises(Refusal, match="password"):
        open_page_on_screen(by=cast.owner, code=code, page=page, now=datetime.now(UTC))
    with pytest.raises(Refusal):
        open_page_on_screen(by=cast.member, code=code, page=page_of_site(cast), now=datetime.now(UTC))
    assert tv.get("/tv/state/").json() == {"address": ""}
