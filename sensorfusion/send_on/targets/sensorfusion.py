"""Another SensorFusion: every reading to `POST /api/v1/readings` with a key of the sensor there.

Readings keep their instant and their values in canonical units, so one that comes twice is a duplicate there; what is
derived is derived there, too, and quality is checked there again. After an outage all missed readings follow.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from sensorfusion.outgoing.request import Request, mistake_in_url
from sensorfusion.readings.storage.wire import instant
from sensorfusion.send_on.targets.target import Account, AccountField, Sample, Target
from sensorfusion.sensors.models import Sensor


def _write(samples: Sequence[Sample], account: Account) -> list[Request]:
    readings = [{"observed_at": instant(each.observed_at), "values": dict(each.values)} for each in samples]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {account['key']}"}
    body = json.dumps({"readings": readings}, ensure_ascii=False, separators=(",", ":")).encode()
    return [Request(f"{account['url'].rstrip('/')}/api/v1/readings", headers, body)]


def _refusal(answer: str) -> str:
    is_receipt = "accepted" in _receipt(answer)
    return "" if is_receipt else gettext_noop("it does not answer as a SensorFusion does: check the address")


def _remark(answer: str) -> str:
    rejected = _receipt(answer).get("rejected")
    if not isinstance(rejected, list) or not rejected or not isinstance(rejected[0], dict):
        return ""
    return f"refused there: {len(rejected)}, such as {rejected[0].get('detail', '')}"


def _receipt(answer: str) -> dict[str, Any]:
    try:
        receipt = json.loads(answer)
    except ValueError:
        return {}
    return receipt if isinstance(receipt, dict) else {}


def _mistake(account: Account, sensor: Sensor) -> str:
    if found := mistake_in_url(account["url"]):
        return found
    is_open = urlsplit(account["url"]).scheme == "http" and not settings.ENVIRONMENT.poll_allow_networks
    return gettext("The address must begin with https://.") if is_open else ""


TARGET: Final = Target(
    slug="sensorfusion",
    name=gettext_noop("Another SensorFusion"),
    about=gettext_noop("Every reading, also those that were missed during an outage."),
    sign_up="",
    documentation="docs/readings.md",
    account=(
        AccountField(
            name="url",
            label=gettext_noop("Address"),
            help=gettext_noop("Of the other server, such as https://sensors.example.org."),
            pattern=r"https?://[\x21-\x7e]{1,490}",
            wrong=gettext_noop("The address must begin with https:// and a host."),
            longest=500,
        ),
        AccountField(
            name="key",
            label=gettext_noop("Key"),
            help=gettext_noop("A key of the sensor there. Make one for this use, so that it can be revoked."),
            pattern=r"[\x21-\x7e]{8,200}",
            wrong=gettext_noop("A key has no blanks."),
            is_secret=True,
        ),
    ),
    limits=gettext_noop("All readings, up to 200 at once; after an outage those of the last 30 days."),
    interval_s=10,
    shortest_s=5,
    stale=timedelta(days=30),
    batch=200,
    sends_suspect=True,  # it flags by its own checks
    write=_write,
    refusal=_refusal,
    remark=_remark,
    mistake=_mistake,
)
