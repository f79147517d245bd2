"""What is shown of values that no reading holds: derived quantities, and what one quantity has more than another."""

from collections.abc import Mapping
from typing import Any

from sensorfusion.alerts.evaluation.derived import Deriver
from sensorfusion.domain.alert_rules.pairs import Pair, are_comparable, judged_name
from sensorfusion.domain.weather.derivation import AT_ONCE, derivable
from sensorfusion.readings.queries import derived_now, newest, place_of
from sensorfusion.sensors.models import Sensor


def derived_value(sensor: Sensor, name: str) -> float | None:
    """Return what a quantity that the sensor does not send is now."""
    return derived_now(sensor, newest([sensor.pk])[sensor.pk]).get(name) if name in AT_ONCE else None


def difference_now(sensor: Sensor, pair: Pair) -> float | None:
    """Return what one quantity of a sensor has more than another one now."""
    state = newest([sensor.pk])[sensor.pk]
    if state.observed_at is None:
        return None
    derive = Deriver([pair.name], place_of(sensor))
    found = derive.of_state(state.values, state.flags or {}, state.older, state.observed_at.timestamp())
    return found[pair.name][0] if pair.name in found else None


def judged_now(sensor: Sensor, name: str, than: str, sent: Mapping[str, Any]) -> Any:
    """Return the value now by which a rule is judged.

    :param sent: the newest values of the sensor.
    """
    if pair := Pair.of(judged_name(name, than)):
        return difference_now(sensor, pair)
    return sent.get(name) if name in sent else derived_value(sensor, name)


def derived_names(sensor: Sensor, sent: Any) -> list[str]:
    """Return the quantities that rules may watch though the sensor does not send them."""
    return sorted(AT_ONCE & derivable(sent, place_of(sensor)).keys())


def comparable(sensor: Sensor, name: str) -> list[str]:
    """Return the quantities of a sensor with which one of them can be compared."""
    sent = newest([sensor.pk])[sensor.pk].values
    return [each for each in (*sent, *derived_names(sensor, sent)) if are_comparable(name, each)] if name else []


def derivation(sensor: int, *names: str) -> dict[str, Any]:
    """Return the fields of a chart's question that let it derive quantities that the sensor does not send."""
    if not AT_ONCE.intersection(names):
        return {}
    found = Sensor.objects.select_related("site").get(pk=sensor)
    place = place_of(found)
    inputs = derivable(newest([sensor])[sensor].values, place)
    derived = {name: inputs[name] for name in names if name in AT_ONCE and name in inputs}
    return {"derived": derived, "place": place} if derived else {}
