"""Each advisory lock has a number of its own: two purposes with one number wait for each other, or refuse it."""

import re
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "sensorfusion"
NUMBER = re.compile(r"LOCK(?:: Final)? = (0x[0-9A-Fa-f_]+)")


def test_no_number_is_used_twice() -> None:
    numbers = Counter(int(each, 16) for path in PACKAGE.rglob("*.py") for each in NUMBER.findall(path.read_text()))

    assert len(numbers) >= 6
    assert [hex(number) for number, many in numbers.items() if many > 1] == []
