"""The stations of the matrix: each is made once, and asked by the tests of a module one after another."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.truth.matrix import LONG, SHORT, cases
from tests.truth.station import Station, standing


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--truth", choices=("some", "all"), default="some", help="how many cases of tests/truth are run")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "station" in metafunc.fixturenames:
        axes = LONG if metafunc.config.getoption("--truth", "some") == "all" else SHORT
        found = getattr(metafunc.module, "CASES", None) or cases(axes)
        metafunc.parametrize("station", found, ids=[case.name for case in found], indirect=True, scope="module")


@pytest.fixture(scope="module")
def station(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Station]:
    with django_db_blocker.unblock(), standing(request.param) as made:
        yield made
