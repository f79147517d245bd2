"""Rules that OpenAPI has no words for: requests that the description allows, and that are refused nevertheless.

schemathesis loads this module (`SCHEMATHESIS_HOOKS`) in an environment of its own. Every other refusal of a request
that the description allows is a failure.
"""

import re
from typing import Any, Final

import schemathesis  # type: ignore[import-not-found]  # in .venv-fuzz only
from schemathesis.specs.openapi.checks import (  # type: ignore[import-not-found]
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
)

# What the refusal says → why a schema cannot.
UNSAID: Final = {
    r"Give RFC 3339": "an instant is RFC 3339 or epoch seconds, within the calendar",
    r"There is no such time zone": "depends on the zones that the server knows",
    r"This password is": "depends on the list of common passwords",
    r"is not a name of a quantity": "the catalogue's other names are accepted, whatever their letters",
    r"The span is empty|The span must begin": "compares two instants",
    r"^Choose (csv|zip)|^Give sensors, or a site|^An archive (is of|has all)": "holds for two members together",
    r"has not begun yet": "depends on the day",
    r"with uuid=\S+ does not exist": "depends on the sites that there are",
    r"The device has not sent a field": "depends on the fields that there are",
    r"pending until it sends": "the same list of states serves answers, which may be pending",
    r"paths is the former name of names": "holds for two members together",
    r"cannot be stored": "holds for members that the description does not name, too",
    r"may not be blank": "a text of spaces is empty once they are removed",
    r"such as http://|must begin with http|Put the password into a header": "an address is parsed",
    r"^Line \d+: |^Line \d+ is not like|^Write 1 to \d+ lines": "mappings and headers are parsed line by line",
    r"JSONPath|begin with \$|more than \d+ (characters|steps)|several values at|filter that": "paths are parsed",
    r"This is no cursor": "a cursor is signed",
    r"Give a cursor or the number": "holds for two parameters together",
    r"is missing: enter both, or leave both empty": "a place is two members, and one may be stored already",
    r"bad cannot be less than suspect": "compares two numbers",
    r"Choose one unit of each kind": "compares units with each other",
    r"Give one of csv, ndjson, or leave it out": "holds for two parameters together: notes have no Parquet",
    r"This is needed|has no blanks": "what an account consists of depends on the network",
}
_ANY: Final = re.compile("|".join(UNSAID))


@schemathesis.check  # type: ignore[untyped-decorator]
def allowed_requests_are_accepted(context: Any, response: Any, case: Any) -> None:
    """Judge as `positive_data_acceptance` does, except where only rules of `UNSAID` are broken."""
    if response.status_code == 412 and "If-Match" in case.headers:
        return  # no schema can say which ETag is the current one
    if response.status_code == 422 and "Idempotency-Key" in case.headers:
        return  # nor which keys were sent before
    if response.status_code != 400 or not _is_unsaid(response.json()):
        positive_data_acceptance(context, response, case)


@schemathesis.check  # type: ignore[untyped-decorator]
def forbidden_requests_are_refused(context: Any, response: Any, case: Any) -> None:
    """Judge as `negative_data_rejection` does, except where a parameter is empty: that is as if it was not sent.

    412 is a refusal, too: a condition is compared before the rest of a request is read.
    """
    if response.status_code != 412 and "" not in (case.query or {}).values():
        negative_data_rejection(context, response, case)


@schemathesis.check  # type: ignore[untyped-decorator]
def answers_are_as_described(context: Any, response: Any, case: Any) -> None:
    """Judge as `response_schema_conformance` does, except where members were chosen: the others are left out then."""
    if not (case.query or {}).get("fields"):
        response_schema_conformance(context, response, case)


def _is_unsaid(refusal: dict[str, Any]) -> bool:
    reasons = [reason for each in refusal.get("fields", {}).values() for reason in each]
    return all(map(_ANY.search, reasons or [str(refusal.get("detail"))]))
