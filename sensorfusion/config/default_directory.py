"""The default data directory, used when neither `--data` nor `SENSORFUSION_DATA` names one.

1. `./data`, if it holds an installation: versions up to 0.1.0 always used it.
2. `data` beside `manage.py`, when the code runs from a checkout.
3. The system's directory for user data; for root the one for services, as in `deploy/sensorfusion.service`.

Except for the first rule, the result does not depend on the working directory.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sensorfusion.config.secret import FILE_NAME as SECRET_KEY

NAME = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Candidate locations of the data directory: the working directory, the checkout, the system's directory."""

    working: Path
    checkout: Path | None
    system: Path

    def default(self) -> Path:
        if holds_installation(self.working / NAME):
            return self.working / NAME
        return self.checkout / NAME if self.checkout else self.system

    def reason(self, data: Path) -> str:
        """Return why `data` is used, as a phrase to append to its path."""
        if data == self.system:
            return "the default"
        if self.checkout and data == self.checkout / NAME:
            return "the default in a checkout"
        if data == self.working / NAME:
            return "found in the working directory"
        return "as SENSORFUSION_DATA or --data says"


def holds_installation(directory: Path) -> bool:
    """Return whether `directory` is a data directory of SensorFusion and not another one called `data`."""
    return (directory / SECRET_KEY).is_file() or (directory / "postgres").is_dir()


def places() -> Places:
    """Determine the candidate locations for this process."""
    system = _system(is_root=os.geteuid() == 0)
    return Places(working=Path.cwd(), checkout=checkout(Path(__file__)), system=system.resolve())


def checkout(module: Path) -> Path | None:
    """Return the root of the checkout that contains `module`, a file of this package; None for an installed package."""
    root = module.resolve().parents[2]
    return root if (root / "manage.py").is_file() and (root / "pyproject.toml").is_file() else None


def _system(*, is_root: bool) -> Path:
    # PostgreSQL refuses to run as root, and its account must not need access to root's home directory.
    return Path("/var/lib/sensorfusion") if is_root else platformdirs.user_data_path("sensorfusion", appauthor=False)
