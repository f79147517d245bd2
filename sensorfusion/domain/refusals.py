"""How a service says no: with a code of the one table, and the field that has to change where there is one."""

from sensorfusion.domain.errors import ERRORS


class Refusal(Exception):
    """Raised by services; pages and the API say it in their own way. `str()` of it is a sentence for a person."""

    def __init__(self, code: str, detail: str = "", *, field: str = "") -> None:
        error = ERRORS[code]
        super().__init__(detail or error.message)
        self.code = code
        self.detail = detail or error.message
        self.field = field
        self.status = error.status or 400
