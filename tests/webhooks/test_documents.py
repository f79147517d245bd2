"""The example of docs/webhooks.md verifies what is sent, and nothing else."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from sensorfusion.outgoing.signature import signature

DOCUMENT = Path(__file__).parents[2] / "docs" / "webhooks.md"
BODY = b'{"id":"6b0e","type":"readings"}'


@pytest.fixture
def is_genuine() -> Any:
    [example] = re.findall(r"^```python\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(example, names)
    return names["is_genuine"]


def test_example_accepts_what_was_signed_with_one_of_the_secrets(is_genuine: Any) -> None:
    header = signature(BODY, ["new", "old"], int(time.time()))

    assert is_genuine(header, BODY, "new")
    assert is_genuine(header, BODY, "old")


def test_example_refuses_another_body_another_secret_and_an_old_time(is_genuine: Any) -> None:
    now = int(time.time())
    header = signature(BODY, ["new"], now)

    assert not is_genuine(header, BODY + b" ", "new")
    assert not is_genuine(header, BODY, "old")
    assert not is_genuine(header.replace(f"t={now}", f"t={now + 1}"), BODY, "new")
    assert not is_genuine(signature(BODY, ["new"], now - 3600), BODY, "new")
