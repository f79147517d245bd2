"""Answers that several protocols share."""

from collections.abc import Mapping

from sensorfusion.ingest.doors.door import Answer
from sensorfusion.ingest.doors.http import refusal_body, refusal_headers
from sensorfusion.ingest.steps import receipts
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused

JSON = "application/json"
MOST_REASONS = 20  # in one line of text, which people read


def say(status: int, said: Mapping[str, object] | Receipt) -> Answer:
    """Answer with JSON."""
    return Answer(status, receipts.encode(said), JSON)


def refusal(refused: RequestRefused) -> Answer:
    """Answer a refusal in the platform's own format."""
    return Answer(refused.status, refusal_body(refused), JSON, headers=headers_of(refused))


def headers_of(refused: RequestRefused) -> list[tuple[str, str]]:
    """Return the Retry-After and WWW-Authenticate headers of a refusal, as far as they apply."""
    return [(name.decode(), value.decode()) for name, value in refusal_headers(refused)]


def reasons(receipt: Receipt) -> str:
    """Return the details of rejected readings as one line of text, the first `MOST_REASONS` of them."""
    first = receipt.rejected[:MOST_REASONS]
    said = [f"{each.quantity}: {each.detail}" if each.quantity else each.detail for each in first]
    more = len(receipt.rejected) - len(said)
    return "; ".join([*said, f"and {more} more"] if more else said)
