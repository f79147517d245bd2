"""Adds doors and probes to the description of the API: a hook of drf-spectacular."""

from copy import deepcopy
from typing import Any

from sensorfusion.ingest.doors.description import SCHEMAS
from sensorfusion.server.description.operations import operation, schemes
from sensorfusion.server.description.paths import described


def add_doors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add an operation for each method of each address."""
    security = result["components"]["securitySchemes"]
    for path, by_method in described():
        methods = result["paths"].setdefault(path, {})
        for method, about in by_method.items():
            methods[method.lower()] = deepcopy(operation(path, method, about))
            security.update(schemes(about.keys))
    result["components"]["schemas"].update(deepcopy(dict(SCHEMAS)))
    return result
