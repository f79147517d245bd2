"""The pages of alerts without scripts: what they say, in whose units, and what their buttons do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.models import Alert, AlertRule
from sensorfusion.alerts.services import let_viewers_acknowledge
from tests.conftest import Cast
from tests.storing import every, store

pytestmark = pytest.mark.django_db


def browser(operator: Operator, **cookies: str) -> Client:
    client = Client()
    client.cookies.load(cookies)
    client.force_login(operator)
    return client


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ")
    return " ".join(text.split())


def fired(cast: Cast, **fields: Any) -> Alert:
    began = timezone.now() - timedelta(minutes=11, seconds=5)
    given: dict[str, Any] = {"site": cast.site, "sensor": cast.sensor, "quantity": "temperature"}
    was = {"condition": "above", "high": -18.0}
    return Alert.objects.create(
        **{**given, "severity": "critical", "rule_was": was, "began_at": began, "fired_at": began, **fields}
    )


def form(**fields: Any) -> dict[str, Any]:
    return {"condition": "above", "high": "-18", "for_min": "10", "severity": "critical", "do": "save", **fields}


def test_active_alert_is_a_sentence_with_the_live_value(cast: Cast) -> None:
    store(cast.sensor, [(timezone.now(), {"temperature": -14.2})])
    fired(cast)

    page = words(browser(cast.owner).get("/alerts/"))

    assert "Orchard station: temperature is −14.2 °C, above −18.0 °C for 11 min." in page
    assert "1 of 1 active alert needs attention." in page


def test_sentence_is_in_the_units_of_the_reader(cast: Cast) -> None:
    store(cast.sensor, [(timezone.now(), {"temperature": -14.0})])
    fired(cast)

    assert "is 7 °F, above 0 °F" in words(browser(cast.owner, units="us").get("/alerts/"))


def test_limit_is_written_in_the_units_of_the_reader_and_stored_canonically(cast: Cast) -> None:
    answer = browser(cast.editor, units="us").post(
        f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature", form(high="14", for_min="5")
    )

    rule = AlertRule.objects.get()
    assert answer.status_code == 302
    assert rule.high == pytest.approx(-10)
    assert (rule.for_s, rule.quantity, rule.sensor) == (300, "temperature", cast.sensor)
    again = browser(cast.editor, units="us").get(f"/alerts/rules/{rule.uuid}/").content.decode()
    assert 'value="14"' in again


def test_rule_is_tried_before_it_is_kept(cast: Cast) -> None:
    now = timezone.now()
    instants = every(60, 200, until=now)
    store(cast.sensor, [(at, {"temperature": -10.0 if 20 < n < 90 else -20.0}) for n, at in enumerate(instants)])

    path = f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature"
    page = words(browser(cast.editor).post(path, form(do="try")))

    assert "In the last 7 days it would have fired 1 time, 59 min in all ." in page.replace("all.", "all .")
    assert AlertRule.objects.count() == 0


def test_wrong_limit_is_told_at_its_field(cast: Cast) -> None:
    answer = browser(cast.editor).post(
        f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature", form(clear_high="-10")
    )

    assert answer.status_code == 400
    assert "cannot be above the limit" in words(answer)


def test_rule_is_switched_off_and_deleted(cast: Cast) -> None:
    browser(cast.editor).post(f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature", form())
    rule = AlertRule.objects.get()
    assert "Temperature above −18.0 °C for 10 min" in words(browser(cast.member).get("/alerts/"))

    browser(cast.editor).post(f"/alerts/rules/{rule.uuid}/switch/")
    rule.refresh_from_db()
    assert not rule.is_enabled

    browser(cast.editor).post(f"/alerts/rules/{rule.uuid}/delete/")
    assert not AlertRule.objects.exists()


def test_viewer_has_buttons_only_if_the_owner_allows_it(cast: Cast) -> None:
    alert = fired(cast)
    assert "Acknowledge" not in words(browser(cast.member).get("/alerts/"))

    let_viewers_acknowledge(by=cast.owner, site=cast.site, allowed=True)
    browser(cast.member).post(f"/alerts/{alert.uuid}/acknowledge/")

    assert "Acknowledged by Member" in words(browser(cast.owner).get("/alerts/"))


def test_outsider_sees_no_alert_and_no_rule(cast: Cast) -> None:
    fired(cast)
    page = words(browser(cast.outsider).get("/alerts/"))

    assert "Orchard" not in page
    assert "Nothing is watched yet." in page


def test_ended_alert_is_in_the_history_with_its_extreme(cast: Cast) -> None:
    fired(cast, ended_at=timezone.now(), outcome="cleared", extreme=-12.5)

    page = words(browser(cast.owner).get("/alerts/"))

    assert "extreme −12.5 °C; cleared." in page
