"""Messages of the live stream about alerts (`live.alert_feed`); `live.protocol` has all others."""

from typing import Any, Literal, NotRequired, TypedDict


class SitePlace(TypedDict):
    """A site, and the seq after which its stream begins."""

    site: str
    seq: int


class AlertsMessage(TypedDict):
    """The answer to alerts."""

    type: Literal["alerts"]
    id: str | int | None
    sites: list[SitePlace]


class AlertMessage(TypedDict):
    """Something happened to an alert; `value` is the one with which it fired. Written by `alerts.messages.history`."""

    type: Literal["alert"]
    site: str
    seq: int
    at: str
    action: str
    alert: str
    sensor: str
    quantity: str
    severity: str
    value: NotRequired[Any]


class AlertGapMessage(TypedDict):
    """Events of a site with after < seq <= until were not sent: fetch its alerts by HTTP."""

    type: Literal["alert_gap"]
    site: str
    after: int
    until: int
