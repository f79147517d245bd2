"""What an address that Django REST framework does not serve says of itself, for the API's description.

Doors and probes return one `Description` for each method; `server.description` writes them into docs/openapi.yaml.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

Schema = Mapping[str, Any]
View = TypeVar("View", bound=Callable[..., Any])

JSON: Final = "application/json"
PLAIN: Final = "text/plain; charset=utf-8"
TEXT: Final[Schema] = {"type": "string"}
# Places of credentials; further ones are "query <name>" and "header <name>".
BEARER, BASIC, IN_BODY = "bearer", "basic", "body"
PROBLEM: Final[Mapping[str, Schema]] = {"application/problem+json": {"$ref": "#/components/schemas/Refusal"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One status: why it is sent, its body by content type (none: empty), and the headers that belong to it."""

    why: str
    content: Mapping[str, Schema] = field(default_factory=dict)
    headers: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One method of one address. `keys` are the places where a credential may be, one of which is enough."""

    summary: str
    answers: Mapping[int, Answered]
    detail: str = ""
    tag: str = "doors"
    keys: Sequence[str] = ()
    query: Mapping[str, str] = field(default_factory=dict)  # by name, what it is
    body: Mapping[str, Schema] = field(default_factory=dict)  # by content type


AWAY: Final = Answered(
    why="The database is unavailable, or the server is busy.", content=PROBLEM, headers=("retry-after",)
)
ByMethod = Mapping[str, Description]


def described(by_method: ByMethod) -> Callable[[View], View]:
    """Describe a view of Django that has no serializers."""

    def decorate(view: View) -> View:
        view.description = by_method  # type: ignore[attr-defined]  # functions have no attributes of their own
        return view

    return decorate


def description_of(view: object) -> ByMethod:
    """Return the description of a view, which wrappers keep; empty if it has none."""
    by_method: ByMethod = getattr(view, "description", {})
    return by_method


def members(*required: str, **properties: Schema) -> Schema:
    """Return the schema of an object."""
    return {"type": "object", "required": list(required), "properties": properties}
