"""Grafana's dashboard of the server asks for metrics that exist, by labels that they have."""

import json
import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from sensorfusion.events.metrics import REGISTRY
from sensorfusion.server import asgi, metrics

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "server.json").read_text(encoding="utf-8"))
OF_SCRAPES = {"instance", "worker", "le"}
assert asgi.application  # what counts registers itself when it is imported


def ours() -> dict[str, Metric]:
    return {each.name: each for each in REGISTRY.collect() if each.name.startswith("sensorfusion_")}


@cache
def families() -> dict[str, set[str]]:
    """Return the names of samples with their labels."""
    known = {name: set[str](getattr(family, "_labelnames", ())) for name, family in ours().items()}
    ends = {f"{name}{end}": labels for name, labels in known.items() for end in ("", "_total", "_sum", "_bucket")}
    text = metrics.of_this_process().decode()
    own = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    return {**{name: set[str]() for name in own}, **ends}


EXPRESSIONS = {
    f"{panel['title']} {target['refId']}": target["expr"]
    for panel in DASHBOARD["panels"]
    for target in panel["targets"]
}


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_a_panel_asks_for_metrics_that_exist_by_their_labels(expression: str) -> None:
    names = re.findall(r"\b((?:sensorfusion|process)_\w+)\{", expression)
    grouped = [set(re.split(r",\s*", labels)) for labels in re.findall(r"by \(([^)]*)\)", expression)]

    assert names
    for name in names:
        assert name in families()
        for labels in grouped:
            assert labels <= families()[name] | OF_SCRAPES


def test_every_counter_of_the_platform_is_somewhere() -> None:
    shown = " ".join(EXPRESSIONS.values())
    left_out = {name for name in ours() if name not in shown}

    # These stand for themselves in an alert of one's own: any value above 0 is worth a look.
    assert left_out == {
        "sensorfusion_alert_evaluations",
        "sensorfusion_live_conflated",
        "sensorfusion_live_holes",
        "sensorfusion_live_relay_errors",
        "sensorfusion_mail_dropped",
        "sensorfusion_mqtt_connected",
        "sensorfusion_sent_on",
        "sensorfusion_strangers_turned_away",
        "sensorfusion_unclaimed_requests",
        "sensorfusion_webhook_deliveries",
    }


def test_panels_do_not_lie_on_each_other() -> None:
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    for one, other in combinations(places, 2):
        is_beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert is_beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
