"""Rules and alerts over the API: what is made, refused, seen, and by whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.models import Alert, AlertRule, RuleState, Watch
from tests.conftest import Cast
from tests.storing import every, store

pytestmark = pytest.mark.django_db


def ask(operator: Operator, method: str, path: str, body: Any = None) -> Any:
    client = Client()
    client.force_login(operator)
    given = {} if body is None else {"data": body, "content_type": "application/json"}
    return getattr(client, method)(f"/api/v1/{path}", **given)


def freezer(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "site": str(cast.site.uuid),
        "sensor": str(cast.sensor.uuid),
        "quantity": "temperature",
        "condition": "above",
        "high": -18,
        "clear_high": -18.5,
        "for_s": 600,
        "severity": "critical",
        **fields,
    }


def fired(cast: Cast, **fields: Any) -> Alert:
    now = timezone.now()
    given = {"site": cast.site, "sensor": cast.sensor, "severity": "warning", "rule_was": {}}
    return Alert.objects.create(**{**given, "began_at": now, "fired_at": now, **fields})


def test_editor_makes_changes_and_deletes_a_rule(cast: Cast) -> None:
    made = ask(cast.editor, "post", "rules/", freezer(cast))
    assert made.status_code == 201, made.json()
    path = f"rules/{made.json()['id']}/"

    assert ask(cast.editor, "patch", path, {"high": -15, "note": "Close the door."}).json()["high"] == -15
    assert ask(cast.member, "get", path).json()["note"] == "Close the door."
    assert [each["id"] for each in ask(cast.member, "get", "rules/").json()["results"]] == [made.json()["id"]]
    assert ask(cast.editor, "delete", path).status_code == 204
    assert AlertRule.objects.count() == 0


def test_each_change_of_rules_takes_a_turn_with_the_watcher(cast: Cast) -> None:
    before = sum(Watch.objects.values_list("version", flat=True))  # without a row 0
    path = f"rules/{ask(cast.editor, 'post', 'rules/', freezer(cast)).json()['id']}/"
    ask(cast.editor, "patch", path, {"high": -15})
    ask(cast.editor, "delete", path)

    assert Watch.objects.get().version == before + 3


def test_changed_rule_ends_its_alerts_and_begins_again(cast: Cast) -> None:
    rule = AlertRule.objects.get(uuid=ask(cast.editor, "post", "rules/", freezer(cast)).json()["id"])
    alert = fired(cast, rule=rule)
    RuleState.objects.create(
        rule=rule, sensor=cast.sensor, seq=1, phase="firing", decided_until=1, since=1, clearing_since=0, signal="over"
    )

    ask(cast.editor, "patch", f"rules/{rule.uuid}/", {"is_enabled": False})

    alert.refresh_from_db()
    assert (alert.outcome, alert.ended_at is None) == ("rule_changed", False)
    assert RuleState.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"high": None}, "high"),
        ({"clear_high": -10}, "clear_high"),
        ({"condition": "silent", "for_s": 1e9}, "for_s"),
        ({"condition": "sideways"}, "condition"),
        ({"quantity": "no good"}, "quantity"),
        ({"weekdays": 0}, "weekdays"),
        ({"severity": "loud"}, "severity"),
        ({"condition": "equals", "expected": 7}, "expected"),
    ],
)
def test_rule_that_makes_no_sense_is_refused_with_its_field(cast: Cast, fields: dict[str, Any], named: str) -> None:
    answer = ask(cast.editor, "post", "rules/", freezer(cast, **fields))

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [named]


def test_rule_is_not_for_a_sensor_of_another_site(cast: Cast) -> None:
    assert ask(cast.editor, "post", "rules/", freezer(cast, sensor=str(cast.other_sensor.uuid))).status_code == 400


def test_viewer_makes_no_rule(cast: Cast) -> None:
    assert ask(cast.member, "post", "rules/", freezer(cast)).status_code == 403


def test_viewer_acknowledges_if_the_owner_allows_it(cast: Cast) -> None:
    path = f"alerts/{fired(cast).uuid}/acknowledge/"
    settings = f"sites/{cast.site.uuid}/alert-settings/"
    assert ask(cast.member, "post", path).status_code == 403

    assert ask(cast.owner, "put", settings, {"viewers_acknowledge": True}).status_code == 200

    assert ask(cast.member, "get", settings).json() == {"viewers_acknowledge": True}
    assert ask(cast.member, "post", path).json()["acknowledged_by"]["name"] == "Member"
    assert ask(cast.outsider, "post", path).status_code == 404


def test_alert_says_what_happened_to_it(cast: Cast) -> None:
    alert = fired(cast)
    until = timezone.now() + timedelta(hours=1)
    ask(cast.editor, "post", f"alerts/{alert.uuid}/snooze/", {"until": until.isoformat()})
    ask(cast.editor, "post", f"alerts/{alert.uuid}/acknowledge/")
    ask(cast.owner, "post", f"alerts/{alert.uuid}/acknowledge/")

    events = ask(cast.member, "get", f"alerts/{alert.uuid}/").json()["events"]

    assert [(each["action"], each["by"]["name"]) for each in events] == [
        ("snoozed", "Editor"),
        ("acknowledged", "Editor"),
    ]


def test_ended_alert_is_not_acknowledged_and_none_is_snoozed_for_ever(cast: Cast) -> None:
    now = timezone.now()
    ended = fired(cast, ended_at=now + timedelta(seconds=1))

    assert ask(cast.editor, "post", f"alerts/{ended.uuid}/acknowledge/").status_code == 409
    until = (now + timedelta(days=8)).isoformat()
    assert ask(cast.editor, "post", f"alerts/{fired(cast).uuid}/snooze/", {"until": until}).status_code == 400


def test_alerts_are_filtered(cast: Cast) -> None:
    now = timezone.now()
    fired(cast, ended_at=now + timedelta(seconds=1))
    fired(cast, severity="critical", acknowledged_at=now)

    def count(query: str) -> int:
        return int(ask(cast.member, "get", f"alerts/?{query}").json()["count"])

    assert [count(each) for each in ("", "active=true", "active=false", "severity=critical", "acknowledged=true")] == [
        2, 1, 1, 1, 1,
    ]  # fmt: skip
    assert ask(cast.outsider, "get", "alerts/").json()["count"] == 0


@pytest.mark.parametrize("text", ["null", "1", "yes", "True"])
def test_a_filter_of_alerts_is_true_or_false(cast: Cast, text: str) -> None:
    answer = ask(cast.member, "get", f"alerts/?active={text}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert "active" in str(answer.json())


def test_sensor_that_moves_takes_its_alerts_along(cast: Cast) -> None:
    rule = AlertRule.objects.get(uuid=ask(cast.editor, "post", "rules/", freezer(cast)).json()["id"])
    fired(cast, rule=rule)
    cast.sensor.site = cast.other_site
    cast.sensor.save()

    for operator in (cast.member, cast.outsider):
        assert ask(operator, "get", "alerts/").json()["count"] == 0
        assert ask(operator, "get", "rules/").json()["count"] == 0


def test_preview_says_when_an_unsaved_rule_would_have_fired(cast: Cast) -> None:
    now = timezone.now()
    warm = [now - timedelta(hours=2) < at < now - timedelta(hours=1) for at in every(60, 300, until=now)]
    rows = [(at, {"temperature": -10.0 if w else -20.0}) for at, w in zip(every(60, 300, until=now), warm, strict=True)]
    store(cast.sensor, rows)

    answer = ask(cast.member, "post", "rules/preview/", {**freezer(cast), "days": 1}).json()

    assert answer["count"] == 1
    assert answer["total_s"] == pytest.approx(3000, abs=120)
    assert AlertRule.objects.count() == 0


def test_rule_compares_two_quantities_in_one_unit(cast: Cast) -> None:
    damp = {"quantity": "dew_point", "than": "soil_temperature", "high": -1, "clear_high": -2}
    made = ask(cast.editor, "post", "rules/", freezer(cast, **damp))
    assert made.status_code == 201, made.json()
    path = f"rules/{made.json()['id']}/"

    assert ask(cast.member, "get", path).json()["than"] == "soil_temperature"
    assert ask(cast.outsider, "get", path).status_code == 404
    for wrong in ({"than": "humidity"}, {"than": "dew_point"}, {"condition": "rises", "high": 1, "within_s": 60}):
        refused = ask(cast.editor, "patch", path, wrong)
        assert (refused.status_code, "than" in str(refused.json())) == (400, True), refused.json()
    assert ask(cast.editor, "patch", path, {"than": ""}).json()["than"] == ""


def test_preview_compares_two_quantities(cast: Cast) -> None:
    rows = [
        (at, {"temperature": 20.0, "soil_temperature": 19.0 if number // 60 == 1 else 25.0})
        for number, at in enumerate(every(60, 300, until=timezone.now()))
    ]
    store(cast.sensor, rows)
    asked = freezer(cast, than="soil_temperature", high=0, clear_high=None)

    answer = ask(cast.member, "post", "rules/preview/", {**asked, "days": 1}).json()

    assert answer["count"] == 1
    assert answer["total_s"] == pytest.approx(3000, abs=120)
