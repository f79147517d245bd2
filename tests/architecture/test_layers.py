"""Layers, and the modules that alone may do certain things."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sensorfusion"


def sources(*, outside: tuple[str, ...] = ()) -> list[Path]:
    skipped = tuple(PACKAGE / part for part in outside)
    return [path for path in PACKAGE.rglob("*.py") if not any(path.is_relative_to(part) for part in skipped)]


def containing(pattern: str, *, outside: tuple[str, ...] = ()) -> list[str]:
    return [str(path.relative_to(PACKAGE)) for path in sources(outside=outside) if re.search(pattern, path.read_text())]


def test_imports_point_downwards() -> None:
    pytest.importorskip("importlinter", reason="import-linter is not installed; `make check` runs it")

    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert checked.returncode == 0, checked.stdout


def test_only_events_speak_notify_and_those_who_have_a_connection_of_their_own() -> None:
    elsewhere = containing(r"pg_notify|\bNOTIFY \w|LISTEN \{", outside=("events",))

    assert sorted(elsewhere) == [
        "alerts/evaluation/numbering.py",
        "command_line/checks_by_use.py",
        "ingest/senders/source_fields.py",
        "ingest/senders/utc_offsets.py",
        "ingest/steps/notices.py",
        "ingest/steps/refusal_log.py",
        "ingest/storing/statements.py",
    ]


def test_only_the_relay_uses_the_channel_layer() -> None:
    assert containing(r"get_channel_layer|group_send|group_add") == ["live/relay.py"]


def test_nobody_says_on_commit_twice() -> None:
    assert len(containing(r"\bon_commit\(")) <= 1


def test_no_file_is_too_long() -> None:
    # A client is one file, because users copy it to small computers.
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources(outside=("clients",))
    }

    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_folder_is_too_full_to_be_seen_at_once() -> None:
    files = [path for ending in ("*.py", "*.js", "*.html", "*.css") for path in PACKAGE.rglob(ending)]
    # Migrations are a log, of which the newest entries are read.
    counts = Counter(str(path.parent.relative_to(PACKAGE)) for path in files if path.parent.name != "migrations")

    assert {folder: count for folder, count in counts.items() if count > 24} == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    nothing = {
        "utils",
        "util",
        "helpers",
        "helper",
        "manager",
        "managers",
        "handler",
        "handlers",
        "base",
        "common",
        "misc",
    }

    assert [str(path) for path in sources() if path.stem in nothing] == []


def test_every_module_says_what_it_owns() -> None:
    silent = [path for path in sources() if path.read_text().strip() and not path.read_text().startswith('"""')]

    assert [str(path.relative_to(ROOT)) for path in silent if "migrations" not in path.parts] == []
