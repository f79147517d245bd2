"""Which data directory is used when neither `--data` nor `SENSORFUSION_DATA` names one.

1. `./data`, if an installation is there: versions up to 0.1.0 always used it.
2. `data` beside `manage.py`, when the code runs from a checkout.
3. The directory that the system has for a user's data; for root that of services, as in `deploy/sensorfusion.service`.

Apart from the first rule the answer is the same from any working directory.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sensorfusion.config.secret import FILE_NAME as SECRET_KEY

NAME = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a data directory can be: below the working directory, in the checkout, or in the system's own place."""

    working: Path
    checkout: Path | None
    system: Path

    def default(self) -> Path:
        if holds_installation(self.working / NAME):
            return self.working / NAME
        return self.checkout / NAME if self.checkout else self.system

    def reason(self, data: Path) -> str:
        """Say why `data` is used, in words that fit behind its path."""
        if data == self.system:
            return "the default"
        if self.checkout and data == self.checkout / NAME:
            return "the default in a checkout"
        if data == self.working / NAME:
            return "found in the working directory"
        return "as SENSORFUSION_DATA or --data says"


def holds_installation(directory: Path) -> bool:
    """Tell a data directory of SensorFusion from any other that is called `data`."""
    return (directory / SECRET_KEY).is_file() or (directory / "postgres").is_dir()


def places() -> Places:
    """Look up the places of this process."""
    system = _system(is_root=os.geteuid() == 0)
    return Places(working=Path.cwd(), checkout=checkout(Path(__file__)), system=system.resolve())


def checkout(module: Path) -> Path | None:
    """Return the root of the checkout that this `module` of the package runs from; None when it was installed."""
    root = module.resolve().parents[2]
    return root if (root / "manage.py").is_file() and (root / "pyproject.toml").is_file() else None


def _system(*, is_root: bool) -> Path:
    # PostgreSQL never runs as root, and its account should not have to pass through root's home directory.
    return Path("/var/lib/sensorfusion") if is_root else platformdirs.user_data_path("sensorfusion", appauthor=False)
