"""How a protocol describes itself, and what it answers: found by asking it, with every code of a refusal.

So a door's description has the statuses, content types and headers that it sends, and cannot differ from them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, get_args

import msgspec

from sensorfusion.domain.errors import ERRORS
from sensorfusion.ingest.doors.http import refusal_headers
from sensorfusion.ingest.steps.receipts import Receipt, Rejected
from sensorfusion.ingest.steps.refused import Code, RequestRefused
from sensorfusion.web.description import IN_BODY, JSON, TEXT, Answered, ByMethod, Description, Schema, members

if TYPE_CHECKING:
    from sensorfusion.ingest.doors.door import Answer, Protocol, Request

REFERENCE: Final = "#/components/schemas/{name}"
ANYTHING: Final[Schema] = {"type": "object", "additionalProperties": True}
FORM: Final[Schema] = {"type": "object", "additionalProperties": {"type": "string"}}
_TIME: Final[Schema] = {"type": ["string", "number", "null"], "description": "RFC 3339, or seconds since 1970."}
_READING: Final[Schema] = {
    **members("values", values=ANYTHING, observed_at=_TIME, sensor=TEXT),
    "description": "Values by quantity: a number, text or truth, or an object of `value` and `unit`. "
    "`sensor` is for gateways, which send with an operator's API token.",
}
SCHEMAS: Final[Mapping[str, Schema]] = {
    **msgspec.json.schema_components([Receipt], ref_template=REFERENCE)[1],
    "SentReading": _READING,
    "ReadingsRefusal": {
        **members(
            *("code", "detail"),
            code={"type": "string", "description": "Stable error code."},
            detail={"type": "string", "description": "Explanation for people."},
            rejected={"type": "array", "items": {"$ref": REFERENCE.format(name="Rejected")}},
        ),
        "description": "Nothing was stored. The receipt's members follow if the readings were judged.",
    },
}
RECEIPT: Final[Schema] = {"$ref": REFERENCE.format(name="Receipt")}
REFUSAL: Final[Schema] = {"$ref": REFERENCE.format(name="ReadingsRefusal")}
READING: Final[Schema] = {"$ref": REFERENCE.format(name="SentReading")}
# Only consoles are claimed, they are no gateways, and only the broker's topics name sensors that must exist.
NOT_OF_DOORS: Final = frozenset(("unclaimed_console", "unknown_sensor"))
NOT_OF_CONSOLES: Final = frozenset(("read_only_token", "unknown_sensor"))


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a protocol says of itself; `said` and `refused` are its answers in JSON."""

    summary: str
    detail: str = ""
    keys: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Schema] = field(default_factory=dict)
    said: Schema = field(default_factory=lambda: RECEIPT)
    refused: Schema = field(default_factory=lambda: REFUSAL)
    never: frozenset[str] = NOT_OF_DOORS  # codes that this protocol cannot have


def by_method(protocol: "Protocol", path: str) -> ByMethod:
    """Describe a protocol at one of its addresses."""
    about = protocol.about
    keys = (*about.keys, *([IN_BODY] if protocol.key_may_be_in_body else ()))
    return {
        method: Description(
            summary=about.summary,
            detail=about.detail,
            keys=keys,
            query=about.query,
            body=about.body if method == "POST" else {},
            answers=answers_of(protocol, path, method),
        )
        for method in protocol.methods
    }


def answers_of(protocol: "Protocol", path: str, method: str) -> dict[int, Answered]:
    """Return every status that a protocol answers with at an address."""
    found: dict[int, Answered] = {}
    for code, said in asked(protocol, path, method):
        before = found.get(said.status) or Answered(why=_why(said.status, code))
        content = {**before.content, **_content(said, protocol.about)}
        headers = tuple(dict.fromkeys((*before.headers, *(name.lower() for name, _ in said.headers))))
        found[said.status] = Answered(why=before.why, content=content, headers=headers)
    return dict(sorted(found.items()))


def asked(protocol: "Protocol", path: str, method: str) -> Iterator[tuple[str, "Answer"]]:
    """Ask a protocol how it answers receipts (code "") and refusals; `accept` makes a difference to some."""
    for headers in ({}, {"accept": JSON}):
        request = _request(path, method, headers)
        for receipt in RECEIPTS:
            yield "", protocol.accepted(request, receipt)
        for refused in refusals(protocol.about):
            yield refused.code, protocol.refused(request, refused)


def in_our_format(successes: Mapping[int, Answered], about: About) -> dict[int, Answered]:
    """Return every status of a door that refuses in the platform's own format."""
    found = dict(successes)
    for refused in refusals(about):
        names = [name.decode() for name, _ in refusal_headers(refused)]
        before = found.get(refused.status) or Answered(why=refused.detail, content={JSON: about.refused})
        found[refused.status] = replace(before, headers=tuple(dict.fromkeys((*before.headers, *names))))
    return dict(sorted(found.items()))


def _request(path: str, method: str, headers: Mapping[str, str]) -> "Request":
    from sensorfusion.ingest.doors.door import Request  # which imports this module

    return Request(method=method, path=path, query="", headers=headers, named={}, body=b"x")


_REJECTED: Final = [Rejected(0, "temperature", "out_of_range", ERRORS["out_of_range"].message)]
RECEIPTS: Final = (Receipt(1, 0, [], 1), Receipt(0, 0, [], None), Receipt(1, 0, _REJECTED, 1))


def refusals(about: About) -> Iterator[RequestRefused]:
    """Yield a refusal of every code that a door can have."""
    for code in get_args(Code):
        if code not in about.never:
            receipt = Receipt(0, 0, _REJECTED, None) if code == "nothing_usable" else None
            yield RequestRefused(code, receipt=receipt)


def _why(status: int, code: str) -> str:
    return ERRORS[code].message if code else f"{HTTPStatus(status).phrase}: what is usable is committed."


def _content(said: "Answer", about: About) -> dict[str, Any]:
    if not said.body:
        return {}
    schema = about.said if said.status < HTTPStatus.BAD_REQUEST else about.refused
    return {said.content_type: schema if said.content_type == JSON else TEXT}
