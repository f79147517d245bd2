"""What is known of a network: the account it asks for, the fields it takes, its limits, and how it is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.units import converter
from sensorfusion.domain.weather.derivation import Place
from sensorfusion.outgoing.request import Request
from sensorfusion.sensors.models import Sensor

SOFTWARE: Final = "SensorFusion"
Account: TypeAlias = Mapping[str, str]
Rain = Literal["rain_1h", "rain_24h", "rain_midnight"]


@dataclass(frozen=True, slots=True)
class Lines:
    """What is sent over TCP: a line to log in, then lines, after the server's greeting and its answer."""

    host: str
    port: int
    login: str = field(repr=False)
    lines: tuple[str, ...]


Outgoing: TypeAlias = Request | Lines


@dataclass(frozen=True, slots=True)
class Sample:
    """A reading as it is sent on: values in canonical units without those that may not be sent, and derived ones."""

    observed_at: datetime
    values: Mapping[str, Any]
    place: Place
    zone: ZoneInfo

    def number(self, name: str) -> float | None:
        value = self.values.get(name)
        return float(value) if is_number(value) else None


@dataclass(frozen=True, slots=True)
class AccountField:
    """One entry of the account. `pattern` is what all of it must match, `lines` marks a text of several lines."""

    name: str
    label: str
    help: str
    pattern: str
    wrong: str
    is_secret: bool = False
    is_optional: bool = False
    lines: bool = False
    longest: int = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A quantity, and the network's field, unit and decimals for it."""

    quantity: str
    field: str
    unit: str
    decimals: int

    def text(self, value: float, *, kept_in: str) -> str:
        """Write a value, converted exactly and rounded once."""
        return decimal(converter(kept_in, self.unit)(value), self.decimals)


def decimal(value: float, decimals: int) -> str:
    """Write a number without an exponent and without a negative zero."""
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if not float(text) else text


def nothing_said(answer: str) -> str:
    return ""


def nothing_wrong(account: Account, sensor: Sensor) -> str:
    return ""


def for_everybody(target: "Target", account: Account) -> "Target":
    return target


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One network. Without `columns` it takes every value.

    `stale`: the age from which it takes no reading. `batch`: how many readings one request holds, oldest first, after
    an outage too; 0 if only the newest one is sent. `thins`: whether one reading of each interval is enough.
    `sends_suspect`: whether values flagged suspect are sent, because the network checks quality itself. `rain`,
    `derives`: the sums and the derived quantities that its fields need. `refusal` and `remark` read an answer that was
    given with a good status: why nothing was taken, and what of it was not. `mistake`: what is wrong with an account,
    said at the entry `mistake_at`, else at the first. `suited`: the target of an account that names the columns.
    """

    slug: str
    name: str
    about: str
    sign_up: str
    documentation: str
    account: tuple[AccountField, ...]
    columns: tuple[Column, ...] = ()
    limits: str
    interval_s: int
    shortest_s: int
    stale: timedelta
    batch: int = 0
    thins: bool = False
    sends_suspect: bool = False
    rain: tuple[Rain, ...] = ()
    derives: tuple[str, ...] = ()
    write: Callable[[Sequence[Sample], Account], Sequence[Outgoing]]
    refusal: Callable[[str], str] = nothing_said
    remark: Callable[[str], str] = nothing_said
    mistake: Callable[[Account, Sensor], str] = nothing_wrong
    mistake_at: str = ""
    suited: Callable[["Target", Account], "Target"] = for_everybody

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.account if each.is_secret)

    def takes(self, quantity: str) -> bool:
        return not self.columns or any(each.quantity == quantity for each in self.columns)
