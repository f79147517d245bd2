"""The rows of the overview's table and its cards as text: there may be hundreds of them (`web.stencils`)."""

from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from sensorfusion.reports.overview import SensorCard
from sensorfusion.reports.sparkline import Spark
from sensorfusion.web.stencils import filled
from sensorfusion.web.templatetags.frame import icon

_ANY: Final = UUID(int=0)


class _Page(NamedTuple):
    """What is the same for all sensors of a page."""

    alerts: Collection[Any]
    alerted: Collection[UUID]
    address: str
    low: SafeString


def rows(cards: Iterable[SensorCard], alerts: Collection[Any]) -> SafeString:
    """Return the rows of the table."""
    page = _page(alerts)
    return mark_safe("".join(_row(card, page) for card in cards))


def cards(cards: Iterable[SensorCard], alerts: Collection[Any]) -> SafeString:
    """Return the cards of a site."""
    page = _page(alerts)
    return mark_safe("".join(_card(card, page) for card in cards))


def _page(alerts: Collection[Any]) -> _Page:
    address = reverse("sensor", args=[_ANY])
    return _Page(alerts, {alert.sensor for alert in alerts}, address, icon("battery-low"))


def _row(card: SensorCard, page: _Page) -> str:
    drawn = {"has_spark": "yes", "line": card.spark.line} if card.spark else {"has_spark": "", "line": ""}
    return filled("reports/listed/row.html", **_common(card, page), **drawn)


def _card(card: SensorCard, page: _Page) -> str:
    return filled(
        "reports/listed/card.html",
        **_common(card, page),
        **_drawn(card.spark),
        model=card.sensor.model,
        sky=card.sky,
        is_word="yes" if card.is_word else "",
        what="" if card.quantity == "temperature" or card.looks is None else card.looks.label,
        beside=_beside(card),
    )


def _common(card: SensorCard, page: _Page) -> dict[str, str]:
    """Return the fields that rows and cards have in common."""
    sensor, uuid = card.sensor, str(card.sensor.uuid)
    return {
        "alerted": _of_alerts(card, page) if sensor.uuid in page.alerted else "",
        "uuid": uuid,
        "url": page.address.replace(str(_ANY), uuid),
        "name": sensor.name,
        "site": sensor.site.name,
        "search": f"{sensor.name} {sensor.site.name} {sensor.model} {card.state}",
        "state": card.state,
        "why": card.words,
        "at": card.at.isoformat() if card.at else "",
        "age": card.age,
        "quantity": card.quantity or "",
        "label": card.looks.label if card.looks else "",
        "hue": card.looks.hue if card.looks else "",
        "number": card.number,
        "symbol": card.symbol,
        "low": page.low,
        "battery": card.battery,
    }


def _of_alerts(card: SensorCard, page: _Page) -> SafeString:
    return render_to_string("web/alerted.html", {"sensor": card.sensor, "alerts_needing": page.alerts})


def _drawn(spark: Spark | None) -> dict[str, str]:
    """Return the fields of `reports/spark.html`."""
    names = ("start", "end", "least", "step", "points", "area", "line")
    return {"has_spark": "yes" if spark else "", **{name: str(getattr(spark, name, "")) for name in names}}


def _beside(card: SensorCard) -> SafeString:
    uuid = str(card.sensor.uuid)
    return mark_safe(
        "".join(
            filled(
                "reports/listed/card-value.html",
                uuid=uuid,
                label=each.label,
                quantity=each.quantity,
                state=each.state,
                number=each.number,
                symbol=each.symbol,
            )
            for each in card.beside
        )
    )
