"""The permissions that root grants to PostgreSQL's account, and their limits."""

import os
import stat
from pathlib import Path

import pytest

from sensorfusion.postgres.unprivileged import Account, account_for, let_through, make_readable

SOMEBODY = Account("somebody", uid=54_321, gid=54_321)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_closed_directory_is_opened_for_passing_through_only(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    inner.chmod(0o700)

    opened = let_through(inner, SOMEBODY)

    assert tmp_path / "closed" in opened
    assert mode(tmp_path / "closed") == 0o701
    assert mode(inner) == 0o700


def test_open_directory_is_left_as_it_is(tmp_path: Path) -> None:
    let_through(tmp_path / "any", SOMEBODY)

    assert let_through(tmp_path / "any", SOMEBODY) == []


def test_programs_installed_under_a_strict_umask_can_be_read_afterwards(tmp_path: Path) -> None:
    program, table = tmp_path / "bin" / "postgres", tmp_path / "share" / "table"
    for path in (program, table):
        path.parent.mkdir(mode=0o700)
        path.touch()
    program.chmod(0o700)
    table.chmod(0o600)

    make_readable(tmp_path)

    assert mode(program) == 0o755
    assert mode(table) == 0o644
    assert mode(tmp_path / "share") & 0o777 == 0o755


@pytest.mark.skipif(os.geteuid() == 0, reason="about ordinary users")
def test_ordinary_user_runs_it_directly(tmp_path: Path) -> None:
    assert account_for(tmp_path).is_ours
    assert account_for(tmp_path).start_options() == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="about root")
def test_root_runs_it_as_the_owner_of_the_data(tmp_path: Path) -> None:
    os.chown(tmp_path, 65_534, 65_534)

    account = account_for(tmp_path)

    assert account.uid == 65_534
    assert account.start_options() == {"user": 65_534, "group": account.gid, "extra_groups": []}
