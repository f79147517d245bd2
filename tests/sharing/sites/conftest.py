"""A site with two sensors, one page that shows a part of one of them, and words that must never be told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors.models import Sensor, Status
from sensorfusion.sharing.models import Grid, SiteShare
from sensorfusion.sharing.sites.services import Part, Shown, share_site
from tests.conftest import Cast
from tests.storing import store

SPARE: Final = "Secret Quince"
SECRET: Final = 271.828
Make = Callable[..., SiteShare]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def hidden(cast: Cast) -> Sensor:
    """A sensor of the site that its page does not show."""
    return Sensor.objects.create(site=cast.site, name=f"{SPARE} cellar", status=Status.ACTIVE)


@pytest.fixture
def make(cast: Cast, hidden: Sensor) -> Make:
    """Make the page of the site: temperature and humidity of its station, as Garden."""
    Sensor.objects.filter(pk=cast.sensor.pk).update(name=f"{SPARE} mast", model=f"{SPARE} 3000")
    cast.site.name, cast.site.notice = f"{SPARE} Hill", f"{SPARE} notice"
    cast.site.save()
    cast.sensor.refresh_from_db()
    begun = now() - timedelta(minutes=29)
    values = {"temperature": 12.5, "humidity": 61, "pressure": SECRET, "aquamarine": SECRET}
    times = [begun + timedelta(minutes=each) for each in range(30)]
    store(cast.sensor, [(at, values) for at in times])
    make_note(by=cast.owner, sensor=cast.sensor, starts_at=begun, text=f"{SPARE} was here", now=now())
    store(hidden, [(at, {"temperature": SECRET}) for at in times])

    def made(**more: Any) -> SiteShare:
        given = {"name": "North Road", "grid": Grid.NARROW, **more}
        by, parts = given.pop("by", cast.owner), given.pop("parts", None)
        parts = parts or [Part(cast.sensor, "Garden", ["temperature", "humidity"])]
        return share_site(by=by, site=cast.site, shown=Shown(parts=parts, **given), now=now())

    return made
