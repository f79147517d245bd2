"""Operators with a browser, and the sensors they registered."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Network
from typing import Any

import httpx2

from tests.journeys.people import Owner
from tests.patience import PATIENCE_S

PASSWORD = "correct horse battery staple"
# From the network for tests (RFC 2544): attempts are counted by address, so each person has their own.
_addresses = IPv4Network("198.18.0.0/15").hosts()


@dataclass
class Probe(Owner):
    """A sensor: tests send in its name; `Owner` reads what it has stored."""

    site: str

    @property
    def path(self) -> str:
        return f"/sensors/{self.sensor}/"

    @property
    def start_path(self) -> str:
        return f"{self.path}start/"

    def send(self, *readings: Mapping[str, Any]) -> dict[str, Any]:
        """Send readings, and return the receipt."""
        answer = self.post(list(readings))
        receipt: dict[str, Any] = answer.raise_for_status().json()
        assert receipt["accepted"] == len(readings), receipt
        return receipt

    def post(self, body: Any, *, key: str = "") -> httpx2.Response:
        headers = {"Authorization": f"Bearer {key or self.key}"}
        return httpx2.post(f"{self.url}/api/v1/readings", json=body, headers=headers, timeout=PATIENCE_S)


def address_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.org"


@dataclass
class Person:
    """An operator who signed up, and the cookies of their browsers."""

    url: str
    name: str
    email: str
    token: str
    client: httpx2.Client = field(repr=False)

    @classmethod
    def sign_up(cls, url: str, name: str) -> "Person":
        """Submit the page's form, as through a proxy on this machine; the browsers take over the cookies."""
        return cls._entered(url, "/sign-up/", name)

    @classmethod
    def sign_in(cls, url: str, name: str) -> "Person":
        """Sign in with the account of this name, which exists."""
        return cls._entered(url, "/sign-in/", name)

    @classmethod
    def _entered(cls, url: str, path: str, name: str) -> "Person":
        email = address_of(name)
        headers = {"Referer": url, "X-Forwarded-For": str(next(_addresses))}
        client = httpx2.Client(base_url=url, timeout=PATIENCE_S, headers=headers)
        client.get(path).raise_for_status()
        form = {"csrfmiddlewaretoken": client.cookies["csrftoken"], "email": email, "password": PASSWORD, "name": name}
        client.post(path, data=form)
        assert "sessionid" in client.cookies, f"{path} did not sign in"
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        made = client.post("/api/v1/auth/tokens/", json={"label": "tests", "scope": "write"}).raise_for_status()
        return cls(url, name, email, made.json()["token"], client)

    @property
    def cookies(self) -> list[Any]:  # Playwright does not export the type of a cookie to set
        return [{"name": each.name, "value": each.value or "", "url": self.url} for each in self.client.cookies.jar]

    def site(self) -> str:
        """The id of their first site."""
        return str(self.client.get("/api/v1/sites/").raise_for_status().json()["results"][0]["id"])

    def move_to_midday(self) -> None:
        """Move their first site to where it is between 12 and 13 h: what a page says of today is empty at midnight."""
        self.move_to(12)

    def move_to(self, hour: int) -> None:
        """Move their first site to where it is `hour` o'clock, or up to an hour later."""
        ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11  # the signs of these zones are those of POSIX
        zone = {"time_zone": f"Etc/GMT{-ahead:+d}" if ahead else "UTC"}
        self.client.patch(f"/api/v1/sites/{self.site()}/", json=zone).raise_for_status()

    def register(self, name: str, **details: Any) -> Probe:
        """Register a sensor at their first site."""
        given = {"name": name, "site": self.site(), **details}
        made = self.client.post("/api/v1/sensors/", json=given).raise_for_status().json()
        return Probe(self.url, self.token, made["id"], made["key"], given["site"])

    def change(self, probe: Probe, **details: Any) -> None:
        self.client.patch(f"/api/v1/sensors/{probe.sensor}/", json=details).raise_for_status()

    def exclude(self, probe: Probe, quantity: str | None, *, start_s: int, end_s: int) -> None:
        span = {"start": instant(start_s), "end": instant(end_s), "quantity": quantity, "reason": "Calibration"}
        self.client.post(f"/api/v1/sensors/{probe.sensor}/exclusions/", json=span).raise_for_status()

    def share(self, probe: Probe, name: str, *quantities: str) -> str:
        """Make a link to a sensor, and return its address."""
        asked = {"sensor": probe.sensor, "name": name, "quantities": list(quantities)}
        made = self.client.post("/api/v1/shares/", json=asked).raise_for_status().json()
        return str(made["url"])

    def publish(self, slug: str, *probes: Probe, name: str, **more: Any) -> dict[str, Any]:
        """Show temperature and humidity of sensors on the public page of their first site; return what the API says."""
        parts = [{"sensor": probe.sensor, "quantities": ["temperature", "humidity"]} for probe in probes]
        asked = {"site": self.site(), "name": name, "slug": slug, "place": "narrow", "sensors": parts, **more}
        made: dict[str, Any] = self.client.post("/api/v1/site-shares/", json=asked).raise_for_status().json()
        return made

    def invite(self, guest: "Person", *, to: str) -> None:
        made = self.client.post(f"/api/v1/sites/{to}/members/", json={"email": guest.email}).raise_for_status().json()
        guest.client.post(f"/api/v1/invitations/{made['id']}/accept/").raise_for_status()

    def put_out(self, guest: "Person", *, of: str) -> None:
        members = self.client.get(f"/api/v1/sites/{of}/members/").raise_for_status().json()
        [found] = [each["operator"]["id"] for each in members if each["operator"]["email"] == guest.email]
        self.client.delete(f"/api/v1/sites/{of}/members/{found}/").raise_for_status()

    def close(self) -> None:
        self.client.close()


def now_s() -> int:
    return int(time.time())


def instant(epoch_s: float) -> str:
    """Format an instant as the API does."""
    return datetime.fromtimestamp(epoch_s, UTC).isoformat().replace("+00:00", "Z")


def weather(*, until_s: int, hours: int = 24, every_s: int = 300) -> Sequence[Mapping[str, Any]]:
    """A quiet day of an imaginary station, for pages with data.

    It is the same at each hour of the clock: its newest temperature is its highest, and the sky is told by age.
    """
    steps = range(until_s - hours * 3600, until_s + 1, every_s)
    return [{"observed_at": at, "values": _values(until_s - at)} for at in steps]


def _values(age: int) -> dict[str, float]:
    day = math.cos(age / 86_400 * 2 * math.pi)
    breath = math.cos(age / 700) * 0.4
    return {
        "temperature": round(9 + 5 * day + breath, 1),
        "humidity": round(70 - 15 * day),
        "pressure": round(1014 + 3 * math.sin(age / 40_000), 1),
        "wind_speed": round(4 + 2 * math.sin(age / 5_000) + breath, 1),
        "wind_direction": round(220 + 40 * math.sin(age / 9_000)),
        "wind_gust": round(7 + 3 * math.sin(age / 5_000), 1),
    }


WARMER = 15.6  # than any value of `weather`, and no step from its newest that would be doubted
