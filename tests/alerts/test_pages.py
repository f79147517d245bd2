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

    assert "is 7 °F, above −0.4 °F" in words(browser(cast.owner, units="us").get("/alerts/"))


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

    assert "In the last 7 days it would have fired 1 time, 59 min in all ." in page
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

    assert "Orchard station: temperature above −18.0 °C 11 min −12.5 °C no one cleared" in page


def test_history_goes_as_far_back_as_the_reader_chooses(cast: Cast) -> None:
    began = timezone.now() - timedelta(days=20)
    fired(cast, began_at=began, fired_at=began, ended_at=began + timedelta(minutes=6), outcome="cleared")

    assert "No alert ended in this time." in words(browser(cast.owner).get("/alerts/?range=7d"))
    assert "temperature above −18.0 °C 6 min" in words(browser(cast.owner).get("/alerts/?range=30d"))


def test_active_alert_has_a_drawing_with_its_limit(cast: Cast) -> None:
    now = timezone.now()
    store(cast.sensor, [(at, {"temperature": -20.0 + n / 10}) for n, at in enumerate(every(60, 60, until=now))])
    fired(cast)

    page = browser(cast.owner).get("/alerts/").content.decode()

    assert "Between −20.0 °C and −14.1 °C since then; now −14.1 °C." in page.replace("\u00a0", " ")
    assert page.count('class="limit"') == 1


def test_acknowledged_alert_is_below_the_others_without_a_drawing(cast: Cast) -> None:
    store(cast.sensor, [(timezone.now(), {"temperature": -14.2})])
    fired(cast, acknowledged_at=timezone.now(), acknowledged_by=cast.owner)
    fired(cast, severity="info", note="Look at it.")

    page = browser(cast.owner).get("/alerts/").content.decode()

    assert page.index("Look at it.") < page.index("Acknowledged by Owner")
    assert page.count('class="alert-trace"') == 1


def test_rule_has_a_strip_that_says_how_often_it_fired(cast: Cast) -> None:
    browser(cast.editor).post(f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature", form())
    for hours in (2, 30, 24 * 9):
        began = timezone.now() - timedelta(hours=hours)
        ended = {"ended_at": began + timedelta(minutes=10), "outcome": "cleared"}
        fired(cast, rule=AlertRule.objects.get(), began_at=began, fired_at=began, **ended)

    page = browser(cast.member).get("/alerts/").content.decode()

    assert "Fired 2× in 7 days, 20 min" in page.replace("\u00a0", " ")
    assert page.count('class="fired" x=') == 2


def test_lists_of_many_alerts_take_no_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    store(cast.sensor, [(timezone.now(), {"temperature": -14.2})])
    for _ in range(20):
        fired(cast, acknowledged_at=timezone.now(), acknowledged_by=cast.owner)
        fired(cast, ended_at=timezone.now(), outcome="cleared")
    client = browser(cast.owner)

    with django_assert_max_num_queries(28):
        client.get("/alerts/")


def test_first_page_suggests_rules_that_one_click_makes(cast: Cast) -> None:
    now = timezone.now()
    rows = [(at, {"temperature": -20.0, "battery": 90.0}) for at in every(3600, 48, until=now)]
    store(cast.sensor, rows)
    page = words(browser(cast.editor).get("/alerts/"))

    assert "Orchard station Temperature above −18.0 °C for 10 min Would not have fired." in page
    assert "It was between −20.0 °C and −20.0 °C in the last 30 days." in page
    assert "Any sensor of Orchard No data for five times its usual interval" in page


def test_suggestion_is_made_as_it_is_read(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": -20.0}) for at in every(3600, 48, until=timezone.now())])
    client = browser(cast.editor, units="us")
    page = client.get("/alerts/").content.decode()
    for action, body in re.findall(r'<form method="post" action="(/sensors/[^"]+)">(.*?)</form>', page, re.DOTALL):
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', body))
        assert client.post(action, {**fields, "do": "save"}).status_code == 302

    freezer, silent = AlertRule.objects.order_by("-quantity")
    assert (freezer.sensor, freezer.condition, round(freezer.high or 0.0, 6)) == (cast.sensor, "above", -18.0)
    assert (silent.sensor, silent.condition, silent.quantity) == (None, "silent", "")


def test_viewer_without_rules_is_told_who_makes_them(cast: Cast) -> None:
    assert "Rules are made by owners and editors" in words(browser(cast.member).get("/alerts/"))


def test_new_rule_begins_with_what_fits_the_quantity(cast: Cast) -> None:
    store(cast.sensor, [(at, {"battery": 90.0}) for at in every(3600, 48, until=timezone.now())])
    page = browser(cast.editor).get(f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=battery").content.decode()

    assert 'value="below" selected' in page
    assert 'name="low" value="20' in page


@pytest.mark.parametrize(
    ("units", "name", "value", "limit"),
    [
        ("metric", "temperature", 18.44, 'name="high" value="18.4"'),
        ("us", "temperature", 18.44, 'name="high" value="65"'),
        ("metric", "battery", 55.0, 'name="low" value="55"'),
        ("metric", "leak", False, '<option value="false" selected>dry</option>'),
    ],
)
def test_rule_from_a_tile_begins_at_the_present_value(
    units: str, name: str, value: float, limit: str, cast: Cast
) -> None:
    store(cast.sensor, [(timezone.now(), {name: value})])
    client = browser(cast.editor)
    client.cookies["units"] = units
    path = f"/sensors/{cast.sensor.uuid}/alert-rules/new/?from=now&quantity={name}"

    assert limit in client.get(path).content.decode()


def test_rule_from_now_of_a_quantity_without_a_value_is_an_ordinary_proposal(cast: Cast) -> None:
    path = f"/sensors/{cast.sensor.uuid}/alert-rules/new/"

    told, plain = (browser(cast.editor).get(f"{path}?quantity=leak{more}") for more in ("&from=now", ""))
    assert words(told) == words(plain)


def test_what_can_be_watched_is_listed(cast: Cast) -> None:
    store(cast.sensor, [(timezone.now(), {"humidity": 50.0})])

    assert "Orchard station Humidity no data" in words(browser(cast.editor).get("/alerts/rules/new/"))
    assert "Orchard station" not in words(browser(cast.outsider).get("/alerts/rules/new/")).partition("watched?")[2]


def test_rule_is_tried_on_as_many_days_as_the_reader_chooses_and_the_times_are_drawn(cast: Cast) -> None:
    now = timezone.now()
    rows = [(at, {"temperature": -10.0 if n == 5 else -20.0}) for n, at in enumerate(every(3600, 20 * 24, until=now))]
    store(cast.sensor, rows)
    path = f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature"
    week, month = (browser(cast.editor).post(path, form(do="try", days=days)) for days in ("7", "30"))

    assert "In the last 7 days it would have fired 0 times" in words(week)
    assert "In the last 30 days it would have fired 1 time" in words(month)
    assert (week.content.count(b'class="lasts"'), month.content.count(b'class="lasts"')) == (0, 1)


def test_rule_has_hours_and_weekdays(cast: Cast) -> None:
    path = f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature"
    browser(cast.editor).post(path, form(weekdays=["0", "4"], starts="22:00", ends="06:30"))

    rule = AlertRule.objects.get()
    assert (rule.weekdays, rule.starts_min, rule.ends_min) == (0b0010001, 22 * 60, 6 * 60 + 30)
    page = browser(cast.editor).get(f"/alerts/rules/{rule.uuid}/").content.decode()
    assert 'value="22:00"' in page
    assert 'value="06:30"' in page
    assert page.count('name="weekdays" value') == 7


def test_rule_without_hours_applies_always(cast: Cast) -> None:
    browser(cast.editor).post(f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature", form())

    rule = AlertRule.objects.get()
    assert (rule.weekdays, rule.starts_min, rule.ends_min) == (0b1111111, 0, 1440)


def test_rule_is_made_for_every_sensor_of_the_site(cast: Cast) -> None:
    path = f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature"
    browser(cast.editor).post(path, form(scope="site"))

    assert AlertRule.objects.get().sensor is None


def test_a_limit_of_wind_is_typed_as_a_speed_by_a_reader_of_beaufort(cast: Cast) -> None:
    client, path = browser(cast.editor, units="metric-bft"), f"/sensors/{cast.sensor.uuid}/alert-rules/new/"

    page = client.get(f"{path}?quantity=wind_speed")
    client.post(f"{path}?quantity=wind_speed", form(high="17.2"))

    assert "Limits are in m/s, because a number of Bft is a span of speeds" in words(page)
    assert AlertRule.objects.get(quantity="wind_speed").high == 17.2
    assert "Limits are in" not in words(client.get(f"{path}?quantity=temperature"))


def test_rule_about_a_derived_quantity_begins_at_its_present_value_and_shows_its_curve(cast: Cast) -> None:
    now = timezone.now()
    store(cast.sensor, [(at, {"temperature": 20.0, "humidity": 60.0}) for at in every(300, 50, until=now)])
    client = browser(cast.owner)

    choices = words(client.get("/alerts/rules/new/"))
    page = client.get(f"/sensors/{cast.sensor.uuid}/alert-rules/new/?from=now&quantity=dew_point")

    assert "Dew point" in choices
    assert page.context["form"]["high"].value() == pytest.approx(12.0, abs=0.05)
    assert page.context["tried"].line


def test_alert_about_a_derived_quantity_tells_its_present_value(cast: Cast) -> None:
    store(cast.sensor, [(timezone.now(), {"temperature": 20.0, "humidity": 60.0})])
    fired(cast, quantity="dew_point", rule_was={"condition": "above", "high": 10.0}, value=11.0)

    assert "dew point is 12.0 °C, above 10.0 °C" in words(browser(cast.owner).get("/alerts/"))


def test_rule_compares_a_quantity_with_another_one(cast: Cast) -> None:
    """Its limits are differences: in Fahrenheit without the zero point."""
    damp = {"temperature": 20.0, "humidity": 60.0, "soil_temperature": 12.4}  # a dew point of 12.0 degrees
    store(cast.sensor, [(at, damp) for at in every(300, 100, until=timezone.now())])
    path = f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=dew_point"
    sent = form(high="-1.8", than="soil_temperature", for_min="5")
    reader = browser(cast.editor, units="us")

    tried = reader.post(path, {**sent, "do": "try"})
    reader.post(path, sent)

    assert "it would have fired 1 time" in words(tried)
    assert "Dew point less soil temperature" in words(tried)
    rule = AlertRule.objects.get()
    assert rule.than == "soil_temperature"
    assert rule.high == pytest.approx(-1.0)
    again = reader.get(f"/alerts/rules/{rule.uuid}/").content.decode()
    assert 'value="-1.8"' in again
    assert '<option value="soil_temperature" selected>' in again
    assert "Dew point above soil temperature less 1.8 °F for 5 min" in words(reader.get("/alerts/"))


def test_alert_of_two_quantities_shows_their_difference_now(cast: Cast) -> None:
    damp = {"temperature": 20.0, "humidity": 60.0, "soil_temperature": 12.4}
    store(cast.sensor, [(at, damp) for at in every(60, 30, until=timezone.now())])
    was = {"condition": "above", "high": -1.0, "than": "soil_temperature"}
    fired(cast, quantity="dew_point", rule_was=was, value=-0.4)

    page = browser(cast.owner).get("/alerts/")

    assert "dew point has been above soil temperature less 1.0 °C for 11 min and is 0.4 °C below" in words(page)
    assert 'class="alert-trace' in page.content.decode()


def test_what_is_stored_of_two_quantities_is_left_alone_where_it_is_not_changed(cast: Cast) -> None:
    store(cast.sensor, [(timezone.now(), {"temperature": 20.0, "soil_temperature": 12.4})])
    path = f"/sensors/{cast.sensor.uuid}/alert-rules/new/?quantity=temperature"
    browser(cast.editor, units="us").post(path, form(high="5", than="soil_temperature"))
    rule = AlertRule.objects.get()
    address = f"/alerts/rules/{rule.uuid}/"

    browser(cast.editor, units="us").post(address, form(high="5", than="soil_temperature", note="Heat."))
    rule.refresh_from_db()
    assert rule.note == "Heat."
    assert rule.high == pytest.approx(5 / 1.8)
    browser(cast.editor, units="us").post(address, form(high="50", than=""))
    rule.refresh_from_db()
    assert rule.than == ""
    assert rule.high == pytest.approx(10.0)
