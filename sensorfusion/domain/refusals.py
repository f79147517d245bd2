"""The exception by which services refuse a request: an error code, and the field to correct if there is one."""

from sensorfusion.domain.errors import ERRORS


class Refusal(Exception):
    """Raised by services; pages and the API format it in their own way. `str()` of it is a sentence for a person."""

    def __init__(self, code: str, detail: str = "", *, field: str = "", retry_after_s: int | None = None) -> None:
        error = ERRORS[code]
        super().__init__(detail or error.message)
        self.code = code
        self.detail = detail or error.message
        self.field = field
        self.status = error.status or 400
        self.retry_after_s = retry_after_s
