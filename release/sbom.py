"""Prints the bill of materials of an installation, in CycloneDX 1.6: what `docs/licences.md` lists, with hashes.

`cyclonedx-py` would read the lock file, but knows neither the licences nor the vendored files.
"""

import json
import uuid
from typing import Any

from release.components import Component, packages, vendored
from sensorfusion import __version__

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "sensorfusion.sbom")


def bill(version: str, components: list[Component]) -> dict[str, Any]:
    """Return the bill of one version; the same version and components always give the same bill."""
    parts = [_component(each) for each in components]
    serial = uuid.uuid5(NAMESPACE, version + json.dumps(parts))
    reference = f"pkg:pypi/sensorfusion@{version}"
    product = {"type": "application", "bom-ref": reference, "name": "sensorfusion", "version": version}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": product | {"purl": reference, "licenses": [{"license": {"id": "MIT"}}]}},
        "components": parts,
        "dependencies": [{"ref": reference, "dependsOn": sorted(part["bom-ref"] for part in parts)}],
    }


def _component(each: Component) -> dict[str, Any]:
    url = f"pkg:{each.origin}/{each.name.replace('@', '%40')}@{each.version}"
    # The lock file's hashes are of several distributions of the package, one of which is installed: the format wants
    # them with the distributions, as references.
    references = [
        {"type": "distribution", "url": url, "hashes": [{"alg": "SHA-256", "content": digest}]}
        for digest in each.hashes
    ]
    return {
        "type": "library",
        "bom-ref": url,
        "name": each.name,
        "version": each.version,
        "purl": url,
        "licenses": [_licence(each.licence)],
        "externalReferences": references,
    }


def _licence(licence: str) -> dict[str, Any]:
    if licence == "BSD":  # no identifier of SPDX
        return {"license": {"name": licence}}
    return {"expression": licence}


if __name__ == "__main__":
    print(json.dumps(bill(__version__, packages() + vendored()), indent=2))
