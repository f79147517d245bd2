"""A request that is refused as a whole, with the reason a person can act on."""

from sensorfusion.domain.refusals import Refusal
from sensorfusion.ingest.steps.receipts import Receipt

# Seconds a client should wait: a commit takes milliseconds, a database restart some seconds.
RETRY_AFTER_S = {"too_fast": 1, "overloaded": 1, "database_away": 5}


class RequestRefused(Refusal):
    """Raised by a step of the pipeline; each door says it in its client's language."""

    def __init__(
        self, code: str, detail: str = "", *, sensor: int | None = None, receipt: Receipt | None = None
    ) -> None:
        super().__init__(code, detail)
        self.retry_after_s = RETRY_AFTER_S.get(code)
        self.sensor = sensor  # whose request it was, where that is known
        self.receipt = receipt
