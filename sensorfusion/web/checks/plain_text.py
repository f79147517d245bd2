"""The validator of texts in one line, such as names: see `domain.texts.plain_text`."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy

from sensorfusion.domain.texts.plain_text import PLAIN, is_plain


@deconstructible(path="sensorfusion.web.checks.plain_text.PlainText")
class PlainText(RegexValidator):
    """Refuses what is not plain. The API's description has the pattern, because this is a `RegexValidator`."""

    regex = PLAIN
    message = gettext_lazy("Write one line, without tabs and characters that cannot be seen.")
    code = "bad_text"

    def __call__(self, value: Any) -> None:
        if not is_plain(str(value)):
            raise ValidationError(self.message, code=self.code)


plain: Final = PlainText()
