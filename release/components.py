"""What an installation consists of besides our own code: packages from the lock file, and vendored files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "run.txt"
VENDORED = ROOT / "sensorfusion" / "web" / "static" / "vendor" / "README.md"

# Names that packages use for a licence which has an identifier of SPDX. "BSD" does not say how many clauses it has.
SPDX = {
    "Apache 2": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 3-Clause OR Apache-2.0": "BSD-3-Clause OR Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "SIL Open Font License 1.1": "OFL-1.1",
}
# Packages that only some machines need, so that their metadata may not be at hand; as their index pages say.
ELSEWHERE = {
    "async-timeout": "Apache-2.0",
    "cbor2": "MIT",
    "httpx2-jsfetch": "BSD-3-Clause",
    "u-msgpack-python": "MIT",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    name: str
    version: str
    licence: str
    origin: str  # "pypi", or "npm" for a vendored file
    hashes: tuple[str, ...]  # SHA-256 of the distributions it may come from


def packages() -> list[Component]:
    """Return the packages of the lock file, in its order."""
    return [
        Component(name=name, version=version, licence=_licence(name), origin="pypi", hashes=hashes)
        for name, version, hashes in locked(LOCK.read_text(encoding="utf-8"))
    ]


def locked(lock: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Read a lock file: names, versions and the hashes of their distributions."""
    for entry in re.split(r"\n(?=\S)", lock):
        if head := re.match(r"([a-z0-9._-]+)==([^ ;\\]+)", entry):
            yield head[1], head[2], tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry))


def vendored() -> list[Component]:
    """Return what `web/static/vendor` holds, as the list beside the files says."""
    found = re.findall(
        r"^## (\S+) ([\d.]+) \((.+)\)$[\s\S]+?npm package\s`([^`]+)`[\s\S]+?tarball sha256 `([0-9a-f]{64})`",
        VENDORED.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return [
        Component(name=package, version=version, licence=SPDX.get(licence, licence), origin="npm", hashes=(digest,))
        for _, version, licence, package, digest in found
    ]


def _licence(name: str) -> str:
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    try:
        return licence_of(metadata.metadata(name))
    except metadata.PackageNotFoundError:
        raise LookupError(f"{name} is not installed: look its licence up and add it to ELSEWHERE") from None


def licence_of(package: metadata.PackageMetadata) -> str:
    """Return the licence that a package declares: as an expression, as a short text, or by its classifiers."""
    if "License-Expression" in package:
        return package["License-Expression"]
    if "License" in package and "\n" not in (text := package["License"]):
        return SPDX.get(text, text)
    classifiers = package.get_all("Classifier") or []
    classified = [line.split(" :: ")[-1] for line in classifiers if line.startswith("License")]
    return " OR ".join(SPDX.get(name, name) for name in classified) or "unknown"
