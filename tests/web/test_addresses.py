import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, Resolver404, URLResolver
from django.urls.resolvers import RegexPattern

from sensorfusion.web.addresses import address


def page(request: HttpRequest, number: int = 0) -> HttpResponse:
    return HttpResponse(str(number))


SITE = URLResolver(RegexPattern("^/"), [address("things/<int:number>/", page, name="thing")])


@pytest.mark.parametrize("path", ["/things/7/", "/things/7"])
def test_address_answers_with_and_without_its_slash(path: str) -> None:
    assert SITE.resolve(path).kwargs == {"number": 7}


@pytest.mark.parametrize("path", ["/things/7//", "/things/", "/things/x/", "/things/7/more"])
def test_other_addresses_are_not_taken_for_it(path: str) -> None:
    with pytest.raises(Resolver404):
        SITE.resolve(path)


def test_address_is_written_with_its_slash() -> None:
    assert SITE.reverse("thing", number=7) == "things/7/"
    with pytest.raises(NoReverseMatch):
        SITE.reverse("thing")
