"""The state of a sensor on the pages of sites and sensors."""

from django.utils import timezone

from sensorfusion.domain import liveness
from sensorfusion.sensors.models import Sensor


def state_of(sensor: Sensor) -> liveness.State:
    """Return the state of a sensor that was selected with its `state`."""
    state = getattr(sensor, "state", None)
    deltas = state.deltas if state else None
    return liveness.state(
        last_at=state.observed_at if state else None,
        interval_s=sensor.interval_s or (liveness.usual_interval_s(deltas) if deltas else None),
        now=timezone.now(),
        status=sensor.status,
    )
