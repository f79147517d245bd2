"""Which notices are shown."""

from datetime import timedelta

from django.utils import timezone

from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.notices.models import Notice
from sensorfusion.sensors.notices.queries import KEPT, notices_of, notices_of_site, with_unknown_devices
from tests.conftest import Cast


def test_the_newest_are_first_and_old_ones_are_not_shown(cast: Cast) -> None:
    now = timezone.now()
    for days in (40, 2, 0, 29):
        at = now - timedelta(days=days)
        Notice.objects.create(sensor=cast.sensor, code="empty", subject=str(days), detail="x", last_at=at)

    assert [notice.subject for notice in notices_of(cast.sensor, now=now)] == ["0", "2", "29"]
    assert list(notices_of(cast.other_sensor, now=now)) == []
    assert timedelta(days=29) < KEPT < timedelta(days=40)


def test_a_device_that_has_a_sensor_by_now_is_not_unknown(cast: Cast) -> None:
    now = timezone.now()
    for subject in ("kitchen", "Cellar", "attic"):
        Notice.objects.create(site=cast.site, code="unknown_sensor", subject=subject, detail="x")
    Notice.objects.create(site=cast.site, code="unknown_topic", subject="kitchen", detail="x")
    Notice.objects.create(site=cast.other_site, code="unknown_sensor", subject="kitchen", detail="x")
    Sensor.objects.create(site=cast.site, name="Kitchen", external_id="KITCHEN")
    Sensor.objects.create(site=cast.site, name="Cellar")

    kept = [(notice.code, notice.subject) for notice in notices_of_site(cast.site, now=now)]

    assert sorted(kept) == [("unknown_sensor", "attic"), ("unknown_topic", "kitchen")]
    counted = with_unknown_devices(Site.objects.order_by("name"), now=now)
    assert [(site.name, site.unknown_devices) for site in counted] == [("Harbour", 1), ("Orchard", 2)]  # type: ignore[attr-defined]  # the query annotates it


def test_a_site_without_notices_has_no_unknown_devices(cast: Cast) -> None:
    Notice.objects.create(sensor=cast.sensor, code="empty", subject="", detail="x")

    for site in with_unknown_devices(Site.objects.all(), now=timezone.now()):
        assert site.unknown_devices == 0  # type: ignore[attr-defined]  # the query annotates it
