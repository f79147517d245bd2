"""What is shown of derived quantities: their present value, and their curve."""

from typing import Any

from sensorfusion.domain.weather.derivation import AT_ONCE, derivable
from sensorfusion.readings.queries import derived_now, newest, place_of
from sensorfusion.sensors.models import Sensor


def derived_value(sensor: Sensor, name: str) -> float | None:
    """Return what a quantity that the sensor does not send is now."""
    return derived_now(sensor, newest([sensor.pk])[sensor.pk]).get(name) if name in AT_ONCE else None


def derived_names(sensor: Sensor, sent: Any) -> list[str]:
    """Return the quantities that rules may watch though the sensor does not send them."""
    return sorted(AT_ONCE & derivable(sent, place_of(sensor)).keys())


def derivation(sensor: int, name: str) -> dict[str, Any]:
    """Return the fields of a chart's question that let it derive a quantity, if the sensor does not send it."""
    if name not in AT_ONCE:
        return {}
    found = Sensor.objects.select_related("site").get(pk=sensor)
    sent, place = newest([sensor])[sensor].values, place_of(found)
    inputs = derivable(sent, place).get(name)
    return {"derived": {name: inputs}, "place": place} if inputs else {}
