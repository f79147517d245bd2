"""Each advisory lock has a number of its own: two purposes with one number wait for each other, or refuse it."""

import re
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "sensorfusion"
NUMBER = re.compile(r"LOCK(?:: Final)? = (0x[0-9A-Fa-f_]+)")


def test_who_holds_a_lock_is_asked_of_one_database() -> None:
    """One server may have several installations, and has the databases of several processes that test."""
    asking = [path for path in (PACKAGE, PACKAGE.parent / "tests") for path in path.rglob("*.py")]
    texts = {path: path.read_text() for path in asking if path != Path(__file__)}

    found = {path: len(re.findall(r"FROM pg_locks", text)) for path, text in texts.items()}
    assert sum(found.values()) >= 3
    pattern = r"FROM pg_locks JOIN pg_database.{0,120}?datname = current_database\(\)"
    assert [str(path) for path, many in found.items() if many != len(re.findall(pattern, texts[path], re.DOTALL))] == []


def test_no_number_is_used_twice() -> None:
    numbers = Counter(int(each, 16) for path in PACKAGE.rglob("*.py") for each in NUMBER.findall(path.read_text()))

    assert len(numbers) >= 6
    assert [hex(number) for number, many in numbers.items() if many > 1] == []
