"""Answers that several kinds of client understand alike."""

from collections.abc import Mapping

from sensorfusion.ingest.doors.door import Answer
from sensorfusion.ingest.doors.http import refusal_body, refusal_headers
from sensorfusion.ingest.steps import receipts
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused

JSON = "application/json"


def say(status: int, said: Mapping[str, object] | Receipt) -> Answer:
    """Answer with JSON."""
    return Answer(status, receipts.encode(said), JSON)


def refusal(refused: RequestRefused) -> Answer:
    """Refuse in the platform's own words."""
    return Answer(refused.status, refusal_body(refused), JSON, headers=headers_of(refused))


def headers_of(refused: RequestRefused) -> list[tuple[str, str]]:
    """Say when to come again, or what to authenticate with."""
    return [(name.decode(), value.decode()) for name, value in refusal_headers(refused)]


def reasons(receipt: Receipt, most: int = 20) -> str:
    """Write what was left out of a request as one text."""
    said = [f"{each.quantity}: {each.detail}" if each.quantity else each.detail for each in receipt.rejected[:most]]
    more = len(receipt.rejected) - len(said)
    return "; ".join([*said, f"and {more} more"] if more else said)
