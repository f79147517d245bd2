"""What every page says of alerts that need the reader: a number in the frame, and a line on the sensor's own page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.alerts.frame import needing
from sensorfusion.alerts.models import Alert, AlertCount, AlertRule
from sensorfusion.alerts.queries import active, visible_alerts
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.reports.weather import observe

pytestmark = pytest.mark.django_db
NUMBER, LINE = "need attention", "An alert of this sensor needs attention."


@pytest.fixture
def alert(cast: Cast) -> Alert:
    now = timezone.now()
    rule = AlertRule.objects.create(
        site=cast.site, sensor=cast.sensor, quantity="temperature", condition="above", high=1.0, made_at=now,
        changed_at=now,
    )  # fmt: skip
    return Alert.objects.create(
        rule=rule, site=cast.site, sensor=cast.sensor, quantity="temperature", severity="warning",
        rule_was={"condition": "above", "high": 1.0}, began_at=now, fired_at=now, value=2.0,
    )  # fmt: skip


def shown(operator: Operator, address: str) -> str:
    client = Client()
    client.force_login(operator)
    return client.get(address).text


def test_number_stands_in_the_frame_of_every_page_until_someone_has_seen_it(cast: Cast, alert: Alert) -> None:
    assert NUMBER in shown(cast.member, reverse("account"))
    assert "Alerts (1)" in shown(cast.member, reverse("account"))

    Alert.objects.update(acknowledged_at=timezone.now(), acknowledged_by=cast.owner)

    assert NUMBER not in shown(cast.member, reverse("account"))


def test_line_stands_on_the_page_of_that_sensor_only(cast: Cast, alert: Alert) -> None:
    observe(cast.sensor, until=timezone.now())
    assert LINE in shown(cast.member, reverse("sensor", args=[cast.sensor.uuid]))

    Alert.objects.update(ended_at=timezone.now(), outcome="cleared")

    assert LINE not in shown(cast.member, reverse("sensor", args=[cast.sensor.uuid]))


@pytest.mark.parametrize("view", ["cards", "table"])
def test_overview_has_the_sensor_with_an_alert_first_and_says_so(view: str, cast: Cast, alert: Alert) -> None:
    first = Sensor.objects.create(name="A calm one", site=cast.site, status="active")
    for sensor in (first, cast.sensor):
        observe(sensor, until=timezone.now())
    page = shown(cast.member, f"{reverse('overview')}?view={view}")
    own, calm = (page.index(f'data-sensor="{each.uuid}"') for each in (cast.sensor, first))

    assert own < page.index(">1 alert<") < calm

    Alert.objects.update(ended_at=timezone.now(), outcome="cleared")
    page = shown(cast.member, f"{reverse('overview')}?view={view}")
    assert ">1 alert<" not in page
    assert page.index(f'data-sensor="{first.uuid}"') < page.index(f'data-sensor="{cast.sensor.uuid}"')


def test_outsider_sees_no_number(cast: Cast, alert: Alert) -> None:
    assert NUMBER not in shown(cast.outsider, reverse("account"))


def test_frame_asks_once(cast: Cast, alert: Alert) -> None:
    with CaptureQueriesContext(connection) as asked:
        shown(cast.owner, reverse("account"))

    assert len([each for each in asked.captured_queries if "FROM alert" in each["sql"]]) == 1


def test_frame_has_the_alerts_that_the_list_says_need_someone(cast: Cast, alert: Alert) -> None:
    now = timezone.now()
    like = {"site": cast.site, "quantity": "temperature", "rule_was": {}, "began_at": now}
    states: list[dict[str, object]] = [
        {"snoozed_until": now - timedelta(minutes=1)},
        {"snoozed_until": now + timedelta(minutes=1)},
        {"acknowledged_at": now},
        {"ended_at": now, "outcome": "cleared"},
        {"severity": "critical"},
        {"sensor": cast.other_sensor},  # which has moved to the other site
        {"site": cast.other_site, "sensor": cast.other_sensor},
    ]
    for number, state in enumerate(states):
        given = {"sensor": cast.sensor, "severity": "warning", **like, **state}
        rule = AlertRule.objects.create(
            site=cast.site, sensor=cast.sensor, quantity="temperature", condition="above", high=float(number),
            made_at=now, changed_at=now,
        )  # fmt: skip
        Alert.objects.create(rule=rule, fired_at=now + timedelta(seconds=number), **given)

    for reader in (cast.owner, cast.member, cast.outsider):
        request = RequestFactory().get("/")
        request.user = reader
        seen = active(visible_alerts(reader)).filter(acknowledged_at=None)
        expected = [each for each in seen if each.snoozed_until is None or each.snoozed_until <= now]
        assert list(needing(request)["alerts_needing"]) == [  # type: ignore[call-overload]  # a lazy list
            (each.sensor.uuid, each.severity) for each in expected
        ]


def test_frame_says_how_far_the_events_of_the_reader_s_sites_were(cast: Cast) -> None:
    second = Site.objects.create(name="Meadow", time_zone="Europe/Warsaw")
    Membership.objects.create(operator=cast.member, site=second, role=Role.VIEWER)
    for site, seq in ((cast.site, 4), (second, 3), (cast.other_site, 50)):
        AlertCount.objects.create(site=site, seq=seq)

    assert 'data-seen="7"' in shown(cast.member, reverse("account"))
    assert 'data-seen="4"' in shown(cast.owner, reverse("account"))
    assert 'data-seen="50"' in shown(cast.outsider, reverse("account"))


@pytest.mark.parametrize("may", [True, False])
def test_report_leads_editors_to_a_rule(may: bool, cast: Cast) -> None:
    observe(cast.sensor, until=timezone.now())
    address = reverse("alert-rule-new", args=[cast.sensor.uuid])
    page = shown(cast.editor if may else cast.member, reverse("sensor", args=[cast.sensor.uuid]))

    assert (address in page) is may
    tiles, charts = page.count("<sf-tile"), page.count("<sf-chart")
    assert min(tiles, charts) > 0
    assert page.count(f"{address}?from=now") == (tiles + charts if may else 0)


@pytest.mark.parametrize("may", [True, False])
def test_explore_leads_editors_to_a_rule_for_each_series(may: bool, cast: Cast) -> None:
    observe(cast.sensor, until=timezone.now())
    series = f"s={cast.sensor.uuid}:temperature&s={cast.sensor.uuid}:humidity"
    page = shown(cast.editor if may else cast.member, f"{reverse('explore')}?{series}")

    assert page.count(f"{reverse('alert-rule-new', args=[cast.sensor.uuid])}?from=now") == (2 if may else 0)
