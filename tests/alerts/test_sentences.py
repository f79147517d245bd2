"""What is said of a rule and of an alert is true at the decimals that are shown, in every unit."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.alerts.models import Alert, AlertRule
from sensorfusion.alerts.sentences import Words
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.sensors.models import Sensor

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
SYSTEMS: Final = ("metric", "us", "uk")
NUMBERS: Final = sorted(name for name, each in CATALOGUE.items() if each.kind not in ("boolean", "text"))


def said(quantity: str, value: object, system: str = "metric", *, is_firing: bool = False, **was: Any) -> str:
    alert = Alert(sensor=Sensor(name="Freezer"), quantity=quantity, rule_was=was, began_at=NOW - timedelta(minutes=11))
    return Words(system).alert(alert, now=NOW, value=value, is_firing=is_firing).replace("\N{NO-BREAK SPACE}", " ")


def test_a_limit_has_the_decimals_that_were_set() -> None:
    assert "above 18.04 °C for" in said("temperature", 18.5, condition="above", high=18.04)
    assert "above −0.4 °F for" in said("temperature", -14.2, "us", condition="above", high=-18.0)
    assert "outside 2 °C to 8.25 °C" in said("temperature", 9, condition="outside", low=2, high=8.25).replace(
        ".0 ", " "
    )
    rule = AlertRule(quantity="temperature", condition="rises", high=2.25, within_s=600, for_s=0)
    assert Words("metric").rule(rule) == "Temperature rising by more than 2.25° within 10\N{NO-BREAK SPACE}min"
    rule = AlertRule(quantity="temperature", condition="above", high=8.25, clear_high=7.75)
    assert Words("metric").clears(rule) == "Clear at 7.75\N{NO-BREAK SPACE}°C"


def test_a_value_does_not_look_like_the_limit_that_it_exceeds() -> None:
    assert "is −17.96 °C, above −18.0 °C" in said("temperature", -17.96, condition="above", high=-18.0)
    assert "is 1.97 °C, below 2.0 °C" in said("temperature", 1.97, condition="below", low=2.0)
    assert "is 2.0 °C, rising by" in said(
        "temperature", 1.97, is_firing=True, condition="rises", high=2.0, within_s=600
    )


def test_a_value_that_is_back_is_not_said_to_be_beyond_the_limit() -> None:
    assert said("temperature", -18.2, condition="above", high=-18.0, clear_high=-18.5) == (
        "Freezer: temperature was above −18.0 °C and is −18.2 °C now. The alert is 11 min old and not over yet."
    )
    assert "contact was open and is closed now" in said("contact", False, condition="equals", expected=True)


def test_a_state_is_said_once() -> None:
    door: dict[str, Any] = {"condition": "equals", "expected": True}

    assert said("contact", True, **door) == "Freezer: contact has been open for 11 min."
    words = Words("metric").rule(AlertRule(quantity="contact", for_s=600.0, **door))
    assert words.replace("\N{NO-BREAK SPACE}", " ") == "Contact open for 10 min"


CHANGE: Final[dict[str, Any]] = {"high": 2.0, "within_s": 3600}


@pytest.mark.parametrize(
    ("condition", "was", "past"),
    [
        ("rises", CHANGE, "rose by more than 2.0° within 1 h"),
        ("falls", CHANGE, "fell by more than 2.0° within 1 h"),
        ("changes", CHANGE, "changed by more than 2.0° within 1 h"),
        ("suspect", {}, "was flagged as suspect"),
    ],
)
def test_a_change_that_may_be_over_is_not_said_to_go_on(condition: str, was: dict[str, Any], past: str) -> None:
    still = "The alert is 11 min old and not over yet."

    assert said("temperature", 7.25, condition=condition, **was) == (
        f"Freezer: temperature {past} and is 7.3 °C now. {still}"
    )
    assert said("temperature", None, condition=condition, **was) == f"Freezer: temperature {past}. {still}"


def test_a_change_is_said_to_go_on_when_its_alert_fires() -> None:
    assert said("temperature", 7.5, is_firing=True, condition="rises", **CHANGE) == (
        "Freezer: temperature is 7.5 °C, rising by more than 2.0° within 1 h for 11 min."
    )


@pytest.mark.parametrize("quantity", ["co2", "uv_index", "pm2_5"])
def test_abbreviations_stay_as_they_are(quantity: str) -> None:
    label = Words("metric").presentation.looks(quantity).label

    assert f"Freezer: {label} " in said(quantity, 9.0, condition="above", high=1.0)


@given(
    quantity=st.sampled_from(NUMBERS),
    system=st.sampled_from(SYSTEMS),
    limit=st.floats(-60, 1100).map(lambda each: round(each, 2)),
    by=st.sampled_from([0.004, 0.04, 0.4, 3.0]),
)
def test_of_every_quantity_value_and_limit_differ_in_what_is_shown(
    quantity: str, system: str, limit: float, by: float
) -> None:
    shown = Words(system).display(quantity)
    value = limit + by / shown.factor if not shown.digits and not shown.si else limit + max(1.0, abs(limit)) * by

    words = said(quantity, value, system, condition="above", high=limit)

    is_now, _, rest = words.partition(" is ")[2].partition(", above ")
    assert is_now != rest.partition(" for ")[0]


def test_a_limit_is_a_speed_for_a_reader_of_beaufort() -> None:
    assert "is 18.0 m/s, above 17.2 m/s for" in said("wind_speed", 18.0, "metric-bft", condition="above", high=17.2)
    assert Words("metric-bft").number("wind_speed", 18.0) == "8\N{NO-BREAK SPACE}Bft"


def test_rule_that_compares_two_quantities_names_both() -> None:
    damp: dict[str, Any] = {"quantity": "dew_point", "than": "soil_temperature"}
    near = AlertRule(condition="above", high=-1.0, clear_high=-2.5, for_s=600.0, **damp)
    apart = AlertRule(condition="outside", low=0.0, high=2.0, **damp)

    said_of = [Words("metric").rule(each).replace("\N{NO-BREAK SPACE}", " ") for each in (near, apart)]
    assert said_of == [
        "Dew point above soil temperature less 1.0 °C for 10 min",
        "Dew point outside soil temperature to soil temperature plus 2.0 °C",
    ]
    assert Words("us").rule(apart).endswith("plus 3.6\N{NO-BREAK SPACE}°F")
    clears = Words("metric").clears(near)
    assert clears.replace("\N{NO-BREAK SPACE}", " ") == "Clear at soil temperature less 2.5 °C"


def test_alert_of_two_quantities_says_how_far_they_are_apart() -> None:
    damp: dict[str, Any] = {"condition": "above", "than": "soil_temperature", "high": -1.0, "clear_high": -2.0}

    assert said("dew_point", -0.4, **damp) == (
        "Freezer: dew point has been above soil temperature less 1.0 °C for 11 min"
        " and is 0.4 °C below soil temperature now."
    )
    assert "and is the same as soil temperature now" in said("dew_point", 0.0, **damp)
    assert "and is 0.97 °C below soil temperature now" in said("dew_point", -0.97, **damp)
    assert "was above soil temperature less 1.0 °C and is 1.5 °C below soil temperature now" in said(
        "dew_point", -1.5, **damp
    )


GERMAN: Final[list[tuple[object, bool, dict[str, Any], str]]] = [
    (900, False, {"condition": "above", "high": 800}, "CO₂ ist 900 ppm, seit 11 min über 800 ppm."),
    (900, False, {"condition": "outside", "low": 400, "high": 800}, "seit 11 min außerhalb von 400 ppm bis 800 ppm."),
    (None, False, {"condition": "below", "low": 400}, "CO₂ seit 11 min unter 400 ppm."),
    (900, True, {"condition": "rises", **CHANGE}, "steigt seit 11 min um mehr als 2 ppm innerhalb von 1 h."),
    (900, True, {"condition": "suspect"}, "CO₂ ist 900 ppm, seit 11 min als zweifelhaft markiert."),
    ("hoch", False, {"condition": "equals", "expected": "hoch"}, "CO₂ seit 11 min hoch."),
]
STILL: Final = "Der Alarm besteht seit 11 min und ist noch nicht vorbei."
GERMAN_PAST: Final[list[tuple[object, dict[str, Any], str]]] = [
    (700, {"condition": "above", "high": 800}, f"CO₂ war über 800 ppm und ist jetzt 700 ppm. {STILL}"),
    (700, {"condition": "falls", **CHANGE}, f"um mehr als 2 ppm gefallen und ist jetzt 700 ppm. {STILL}"),
    (None, {"condition": "changes", **CHANGE}, f"CO₂ hat sich innerhalb von 1 h um mehr als 2 ppm geändert. {STILL}"),
    ("niedrig", {"condition": "equals", "expected": "hoch"}, f"CO₂ war hoch und ist jetzt niedrig. {STILL}"),
]


@pytest.mark.parametrize(("value", "is_firing", "was", "sentence"), GERMAN)
def test_german_sentence_puts_its_verb_where_german_does(
    value: object, is_firing: bool, was: dict[str, Any], sentence: str
) -> None:
    with translation.override("de"):
        assert said("co2", value, is_firing=is_firing, **was).endswith(sentence)


@pytest.mark.parametrize(("value", "was", "sentence"), GERMAN_PAST)
def test_german_sentence_tells_what_was_from_what_is(value: object, was: dict[str, Any], sentence: str) -> None:
    with translation.override("de"):
        assert said("co2", value, **was).endswith(sentence)


def test_german_rule_says_how_long_it_waits() -> None:
    silent, above = AlertRule(condition="silent", for_s=1800), AlertRule(quantity="co2", condition="above", high=800.5)
    above.for_s, above.clear_high = 600, 750
    with translation.override("de"):
        words = Words("metric")
        found = [words.rule(silent), words.rule(above), words.clears(above), words.rule(AlertRule(condition="silent"))]

    assert [each.replace("\N{NO-BREAK SPACE}", " ") for each in found] == [
        "30 min lang keine Daten",
        "CO₂ 10 min lang über 800,5 ppm",
        "Vorbei bei 750 ppm",
        "Keine Daten für das Fünffache des üblichen Abstands",
    ]


def test_alert_is_said_in_german_from_what_is_stored_in_english() -> None:
    alert = Alert(sensor=Sensor(name="Büro"), quantity="co2", rule_was={"condition": "above", "high": 800.0})

    assert Words("metric").what(alert) == "Büro: CO₂ above 800\N{NO-BREAK SPACE}ppm"
    with translation.override("de"):
        assert Words("metric").what(alert) == "Büro: CO₂ über 800\N{NO-BREAK SPACE}ppm"
