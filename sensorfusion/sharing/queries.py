"""Shares by their links, and those of a sensor for its members."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import editable_sites, visible_sensors
from sensorfusion.sharing.models import Share, ShareRight
from sensorfusion.sharing.tokens import copied, digest


@dataclass(frozen=True, slots=True)
class Listed:
    """A share in the list of its sensor; `token` is empty if the link cannot be copied any more."""

    share: Share
    token: str
    is_open: bool  # False once it has expired, or its maker may no longer change the sensor

    @property
    def key(self) -> str:
        return str(self.share.uuid)


def shared(token: str, *, now: datetime) -> ShareRight | None:
    """Return what a link shows (with the share, the sensor and its site), None if it is unknown, revoked or expired."""
    found = _open(now).filter(digest=digest(token))
    return found.select_related("share__page", "sensor__site").first()


def shares_of(sensor: Sensor, *, now: datetime) -> list[Listed]:
    """Return the shares of a sensor, also as a part of its site's page, the newest first."""
    still = set(_open(now).filter(sensor=sensor).values_list("share_id", flat=True))
    rows = Share.objects.filter(sensor=sensor).select_related("made_by", "page", "screen").order_by("-made_at", "-id")
    return [Listed(each, copied(seed=bytes(each.seed), stored=bytes(each.digest)), each.pk in still) for each in rows]


def visible_shares(operator: Operator, *, now: datetime) -> QuerySet[Share]:
    """Select the shares of the sensors that the operator may see, the newest first; each has `is_open`.

    Parts of a site's page are not among them: they are changed with it.
    """
    is_open = Exists(_open(now).filter(share=OuterRef("pk")))
    found = Share.objects.filter(page=None, sensor__in=visible_sensors(operator)).annotate(is_open=is_open)
    return found.select_related("sensor__site", "made_by").order_by("-made_at", "-id")


def editable_shares(operator: Operator, *, now: datetime) -> QuerySet[Share]:
    """Select the shares of the sensors that the operator may change: viewers are not told of links."""
    return visible_shares(operator, now=now).filter(sensor__site__in=editable_sites(operator))


def _open(now: datetime) -> QuerySet[ShareRight]:
    return ShareRight.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now))
