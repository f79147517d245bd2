"""The exception for a request that is refused as a whole, with a reason that people can act on."""

from typing import Literal

from sensorfusion.domain.refusals import Refusal
from sensorfusion.ingest.steps.receipts import Receipt

# Descriptions of doors name all of them, with the status that each of them has there.
Code = Literal[
    "unreadable",
    "no_key",
    "unknown_key",
    "unclaimed_console",
    "unknown_sensor",
    "revoked_key",
    "read_only_token",
    "sensor_paused",
    "too_large",
    "nothing_usable",
    "quota",
    "too_fast",
    "overloaded",
    "not_stored",
    "database_away",
]
# Retry-After in seconds: a commit takes milliseconds, a database restart some seconds, mending a bug longer.
RETRY_AFTER_S = {"too_fast": 1, "overloaded": 1, "database_away": 5, "not_stored": 60}


class RequestRefused(Refusal):
    """Raised by the steps of the pipeline; each door translates it to its client's protocol."""

    code: Code

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        sensor: int | None = None,
        receipt: Receipt | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(code, detail, retry_after_s=retry_after_s or RETRY_AFTER_S.get(code))
        self.sensor = sensor  # the sensor that the request was for, if known
        self.receipt = receipt
