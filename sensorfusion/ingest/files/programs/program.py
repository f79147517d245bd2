"""What is known of a program's files: how they are recognised, and the plan or reader of their rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, Literal, Protocol

from sensorfusion.ingest.files.columns.cells import decimals_of, numeral
from sensorfusion.ingest.files.csv_tables import TextTable
from sensorfusion.ingest.files.rows import BadPlan, Plan, RowReader

Measure = Literal["temperature", "pressure", "speed", "rain", "rain rate", "as kept"]

# Systems of units that a program is set to and does not write in its files.
SYSTEMS: Final[Mapping[str, Mapping[Measure, str]]] = {
    "metric": {"temperature": "°C", "pressure": "hPa", "speed": "m/s", "rain": "mm", "rain rate": "mm/h"},
    "metric_kmh": {"temperature": "°C", "pressure": "hPa", "speed": "km/h", "rain": "mm", "rain rate": "mm/h"},
    "metric_knots": {"temperature": "°C", "pressure": "hPa", "speed": "kn", "rain": "mm", "rain rate": "mm/h"},
    "imperial": {"temperature": "°F", "pressure": "inHg", "speed": "mph", "rain": "in", "rain rate": "in/h"},
}
_INHG: Final = (20.0, 33.0)
_HPA: Final = (500.0, 1100.0)


class Read(Protocol):
    """Makes the reader of a file's rows."""

    def __call__(self, table: TextTable, *, plan: Plan, zone: tzinfo | None, system: str) -> RowReader: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One kind of file. Without a plan and a reader, the names of its columns say everything."""

    name: str
    matches: Callable[[TextTable], bool]
    plan: Callable[[TextTable, str], Plan] | None = None  # for a system of units
    read: Read | None = None  # for files of another shape than one column for each quantity
    systems: tuple[str, ...] = ()


def names_of(table: TextTable) -> list[str]:
    return [name.strip() for name in table.header]


def column(table: TextTable, index: int) -> list[str]:
    """Return the filled cells of one column in the first rows."""
    return [text for _, cells in table.sample if index < len(cells) and (text := str(cells[index]).strip())]


def numbers(texts: Sequence[str], *, delimiter: str) -> list[float]:
    """Return the numbers among texts, with the decimal mark that they show."""
    mark = decimals_of(texts, delimiter=delimiter).mark or "."
    found = (numeral(text, mark) for text in texts)
    return [float(number) for number in found if not isinstance(number, str)]


def system_by_pressure(table: TextTable, index: int | None, *, metric: str = "metric") -> str:
    """Return the system of units in which the pressure of a file can be.

    :raises BadPlan: it does not say.
    """
    found = sorted(numbers(column(table, index), delimiter=table.delimiter)) if index is not None else []
    middle = found[len(found) // 2] if found else 0.0
    if _INHG[0] <= middle <= _INHG[1]:
        return "imperial"
    if _HPA[0] <= middle <= _HPA[1]:
        return metric
    raise BadPlan("The file does not say its units: choose them with --units metric or --units imperial.")


def unit_in(system: str, measure: Measure) -> str:
    return SYSTEMS[system].get(measure, "")
