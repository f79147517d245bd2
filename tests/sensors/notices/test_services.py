"""Notices are cleared by editors, one or all; and are gone with their sensor or site, and after a month."""

from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.postgres import conninfo
from sensorfusion.sensors.erasure import erase_sensor, erase_site
from sensorfusion.sensors.notices.chores import ForgetNotices
from sensorfusion.sensors.notices.models import Notice
from sensorfusion.sensors.notices.services import clear_notices, clear_notices_of_site
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def notices(cast: Cast) -> None:
    for subject in ("em:0", "em:1"):
        Notice.objects.create(sensor=cast.sensor, code="not_understood", subject=subject, detail="x")
        Notice.objects.create(site=cast.site, code="unknown_topic", subject=subject, detail="x")
    Notice.objects.create(sensor=cast.other_sensor, code="not_understood", subject="em:0", detail="x")


def left() -> list[tuple[str, str]]:
    kept = Notice.objects.order_by("sensor__name", "subject").values_list("sensor__name", "site__name", "subject")
    return [(sensor or site or "", subject) for sensor, site, subject in kept]


HARBOUR = ("Harbour station", "em:0")
OF_SITE = [("Orchard", "em:0"), ("Orchard", "em:1")]
OF_SENSOR = [("Orchard station", "em:0"), ("Orchard station", "em:1")]


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_editors_clear_one_or_all(cast: Cast, who: str) -> None:
    clear_notices(by=getattr(cast, who), sensor=cast.sensor, kind=("not_understood", "em:1"))
    assert left() == [HARBOUR, OF_SENSOR[0], *OF_SITE]

    clear_notices(by=getattr(cast, who), sensor=cast.sensor)
    assert left() == [HARBOUR, *OF_SITE]

    clear_notices_of_site(by=getattr(cast, who), site=cast.site, kind=("unknown_topic", "em:0"))
    clear_notices_of_site(by=getattr(cast, who), site=cast.site, kind=("unknown_topic", "of another"))
    assert left() == [HARBOUR, OF_SITE[1]]


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_others_clear_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(Refusal, check=lambda refused: refused.code == "not_allowed"):
        clear_notices(by=getattr(cast, who), sensor=cast.sensor)
    with pytest.raises(Refusal, check=lambda refused: refused.code == "not_allowed"):
        clear_notices_of_site(by=getattr(cast, who), site=cast.site)
    assert len(left()) == 5


def test_they_go_with_their_sensor_and_with_their_site(cast: Cast) -> None:
    erase_sensor(sensor=cast.sensor)
    assert left() == [HARBOUR, *OF_SITE]

    erase_site(site=cast.site)
    assert left() == [HARBOUR]


@pytest.mark.django_db(transaction=True)
def test_what_did_not_come_again_for_a_month_is_deleted() -> None:
    now = timezone.now()
    Notice.objects.filter(subject="em:1").update(last_at=now - timedelta(days=31))

    with psycopg.connect(conninfo(), autocommit=True) as connection:
        assert ForgetNotices(lambda: now).run(connection) is False

    assert {subject for _, subject in left()} == {"em:0"}
