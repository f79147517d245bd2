import pytest
from django.test import RequestFactory

from sensorfusion.documents.paper.sheet import size_of


@pytest.mark.parametrize(
    ("languages", "query", "size"),
    [
        ("", "", "a4"),
        ("de", "", "a4"),
        ("en-GB,en-US;q=0.8", "", "a4"),
        ("en-US,en;q=0.9", "", "letter"),
        ("es-MX;q=0.9", "", "letter"),
        ("fr-CA", "paper=a4", "a4"),
        ("de", "paper=letter", "letter"),
        ("us", "paper=foolscap", "a4"),
    ],
)
def test_the_paper_is_what_was_named_or_is_usual_in_the_reader_s_region(languages: str, query: str, size: str) -> None:
    request = RequestFactory().get(f"/?{query}", HTTP_ACCEPT_LANGUAGE=languages)

    assert size_of(request) == size
