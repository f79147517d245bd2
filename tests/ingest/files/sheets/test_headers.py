"""Headers of one to four rows, below titles and comments, and tables that have none."""

from collections.abc import Sequence

import pytest

from sensorfusion.ingest.files.sheets.headers import HeaderRows, find, names_of

DATA = ("2026-08-02 15:30", "28.9", "43")
CASES = [
    ([("Time", "Temp", "Hum"), DATA], (1, 1), ["Time", "Temp", "Hum"]),
    ([DATA, DATA], (1, 0), ["column 1", "column 2", "column 3"]),
    ([("My garden",), ("Time", "Temp", "Hum"), DATA], (2, 1), ["Time", "Temp", "Hum"]),
    ([("My garden", "", ""), ("Time", "Temp", "Hum"), DATA], (2, 1), ["Time", "Temp", "Hum"]),
    ([("# by a program",), ("# Time", "Temp", "Hum"), DATA], (2, 1), ["Time", "Temp", "Hum"]),
    ([("#", "Date Time", "Temp"), ("1", "2026-08-02 15:30", "28.9")], (1, 1), ["#", "Date Time", "Temp"]),
    ([("Time", "Temp", "Hum"), ("", "°C", "%"), DATA], (1, 2), ["Time", "Temp (°C)", "Hum (%)"]),
    ([("Time", "Out", ""), ("", "Temp", "Hum"), DATA], (1, 2), ["Time", "Out Temp", "Out Hum"]),
    ([("", "Temp", "Out"), ("Time", "Out", "Hum"), DATA], (1, 2), ["Time", "Temp Out", "Out Hum"]),
    ([("Time", "Temp", "Temp"), DATA], (1, 1), ["Time", "Temp", "Temp #2"]),
    ([("Time", "Temp", ""), DATA], (1, 1), ["Time", "Temp", "column 3"]),
    ([("Time", "5", "10"), DATA], (1, 1), ["Time", "5", "10"]),  # depths
    ([("Time", "Temp", "Hum"), ("soon", "28.9", ""), DATA], (1, 1), ["Time", "Temp", "Hum"]),
    ([("Time", "What", "Who"), ("now", "rain", "me")], (1, 1), ["Time", "What", "Who"]),
    (
        [
            ("USW1", "20260802", "TMAX", "289", "", "", "W", ""),
            ("USW1", "20260802", "PRCP", "12", "T", "", "W", "2400"),
        ],
        (1, 0),
        ["column 1", "column 2", "column 3", "column 4", "column 5", "column 6", "column 7", "column 8"],
    ),
    (
        [("TOA5", "S", "CR6"), ("TIMESTAMP", "T", "RH"), ("TS", "Deg C", "%"), ("", "Avg", "Smp"), DATA],
        (2, 3),
        ["TIMESTAMP", "T (Deg C)", "RH (%)"],
    ),
]


@pytest.mark.parametrize(("rows", "at", "names"), CASES)
def test_a_header_is_found_and_named(rows: list[Sequence[str]], at: tuple[int, int], names: list[str]) -> None:
    found = find(list(enumerate(rows, 1)))

    assert found == HeaderRows(*at)
    assert names_of(rows[found.line - 1 :][: found.rows], len(rows[-1])) == names
