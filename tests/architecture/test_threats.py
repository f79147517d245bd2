"""docs/threats.md: every threat names tests that exist, and every test file about security is named."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "threats.md").read_text()
NAMED = set(re.findall(r"`(tests/[\w/]+\.py)`", TEXT))
# Helpers that other test files import.
HELPERS = {"conftest.py", "__init__.py"}


def test_every_row_names_a_test_that_exists() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("| threat")]

    assert rows
    assert [row for row in rows if "`tests/" not in row] == []
    assert [path for path in sorted(NAMED) if not (ROOT / path).exists()] == []


def test_every_file_of_security_tests_is_named() -> None:
    found = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "security").rglob("test_*.py")}

    assert sorted(found - NAMED) == []
