"""The exception for a request that is refused as a whole, with a reason that people can act on."""

from sensorfusion.domain.refusals import Refusal
from sensorfusion.ingest.steps.receipts import Receipt

# Retry-After in seconds: a commit takes milliseconds, a database restart some seconds, mending a bug longer.
RETRY_AFTER_S = {"too_fast": 1, "overloaded": 1, "database_away": 5, "not_stored": 60}


class RequestRefused(Refusal):
    """Raised by the steps of the pipeline; each door translates it to its client's protocol."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        sensor: int | None = None,
        receipt: Receipt | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(code, detail, retry_after_s=retry_after_s or RETRY_AFTER_S.get(code))
        self.sensor = sensor  # the sensor that the request was for, if known
        self.receipt = receipt
