"""Maintenance windows over the API: made and ended by editors, seen by members."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sensorfusion.alerts.messages.models import Maintenance
from tests.alerts.test_api import ask
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def window(cast: Cast, **fields: Any) -> dict[str, Any]:
    now = timezone.now()
    times = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
    return {"site": str(cast.site.uuid), "sensor": str(cast.sensor.uuid), **times, **fields}


def test_editor_adds_a_window_and_ends_it(cast: Cast) -> None:
    made = ask(cast.editor, "post", "maintenance/", window(cast))
    assert made.status_code == 201, made.json()
    path = f"maintenance/{made.json()['id']}/"

    [seen] = ask(cast.member, "get", "maintenance/").json()["results"]
    assert seen == made.json()
    assert (seen["site"], seen["sensor"]) == (str(cast.site.uuid), str(cast.sensor.uuid))
    assert ask(cast.editor, "get", f"maintenance/?site={cast.other_site.uuid}").json()["results"] == []
    assert ask(cast.member, "delete", path).status_code == 403
    assert ask(cast.outsider, "delete", path).status_code == 404
    assert ask(cast.editor, "delete", path).status_code == 204
    assert not Maintenance.objects.exists()


def test_outsiders_see_no_window_and_viewers_add_none(cast: Cast) -> None:
    ask(cast.editor, "post", "maintenance/", window(cast, sensor=None))

    assert ask(cast.outsider, "get", "maintenance/").json()["results"] == []
    assert ask(cast.member, "post", "maintenance/", window(cast)).status_code == 403
    assert ask(cast.outsider, "post", "maintenance/", window(cast)).status_code == 400


@pytest.mark.parametrize("hours", [-3, 0, 31 * 24])
def test_window_that_is_past_or_too_long_is_refused(hours: int, cast: Cast) -> None:
    now = timezone.now()
    times = {"starts_at": (now - timedelta(hours=4)).isoformat(), "ends_at": (now + timedelta(hours=hours)).isoformat()}
    refused = ask(cast.editor, "post", "maintenance/", window(cast, **times))

    assert (refused.status_code, refused.json()["code"]) == (400, "bad_span")
