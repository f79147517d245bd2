"""The validator refuses what is not plain, and migrations need not change with its pattern."""

import pytest
from django.core.exceptions import ValidationError

from sensorfusion.web.checks.plain_text import PlainText, plain


@pytest.mark.parametrize("text", ["a\tb", "a\n", "\u202ea", "\ud800"])
def test_text_that_is_not_plain_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValidationError, match="Write one line"):
        plain(text)


def test_plain_text_passes() -> None:
    plain("Ödön's 👩‍🌾 farm")


def test_migrations_name_it_without_its_pattern() -> None:
    assert plain.deconstruct() == ("sensorfusion.web.checks.plain_text.PlainText", (), {})
    assert PlainText() == plain
