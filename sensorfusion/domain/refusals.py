"""The exception by which services refuse a request: an error code, and the field to correct if there is one.

Programs are told in English (`detail`), readers of pages in their language (`shown`). A sentence with values is a
message with placeholders, marked for translation, and the values: `Refusal("limit_reached", gettext_noop("A site has
at most {most} rules."), most=RULES_MOST)`.
"""

from collections.abc import Mapping

from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.texts.translation import gettext


class Refusal(Exception):
    """Raised by services; pages and the API format it in their own way. `str()` of it is a sentence for a person."""

    def __init__(
        self, code: str, message: str = "", *, field: str = "", retry_after_s: int | None = None, **values: object
    ) -> None:
        error = ERRORS[code]
        self._message, self._values = message or error.message, values
        self.detail = _filled(self._message, values)
        super().__init__(self.detail)
        self.code = code
        self.field = field
        self.status = error.status or 400
        self.retry_after_s = retry_after_s

    @property
    def shown(self) -> str:
        """The sentence in the language of the page."""
        return _filled(gettext(self._message), self._values)


def _filled(message: str, values: Mapping[str, object]) -> str:
    return message.format_map(values) if values else message
