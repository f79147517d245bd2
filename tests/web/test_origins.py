"""Which Origin is ours, and what is said of the others."""

import pytest
from pytest_django import Settings

from sensorfusion.config.env import read
from sensorfusion.web.origins import Source, advice, is_allowed_elsewhere, is_foreign_page, is_ours

HOST = "sensors.example.org"


@pytest.fixture(autouse=True)
def hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [HOST, "127.0.0.1"]
    settings.PUBLIC_URL = settings.PUBLIC_PATH = ""


def source(origin: str, host: str = HOST, *, is_secure: bool = False, said: str = "") -> Source:
    return Source(origin, host, is_secure, said, "198.51.100.7")


@pytest.mark.parametrize(
    "given",
    [
        source(f"http://{HOST}"),
        source(f"http://{HOST}:80"),
        source(f"http://{HOST}:8000", f"{HOST}:8000"),
        source(f"https://{HOST}"),
        source(f"https://{HOST}", f"{HOST}:443"),
        source(f"https://{HOST.upper()}", is_secure=True, said="https"),
        source(f"https://{HOST}:8443", f"{HOST}:8443", is_secure=True, said="https"),
    ],
)
def test_origin_is_ours_if_scheme_host_and_port_are(given: Source) -> None:
    assert is_ours(given)
    assert not is_foreign_page(given)


@pytest.mark.parametrize(
    "given",
    [
        source(""),
        source("null"),
        source("file://"),
        source(f"http://{HOST}:8000"),
        source(f"http://{HOST}", f"{HOST}:8000"),
        source(f"http://{HOST}", is_secure=True, said="https"),
        source(f"https://{HOST}", said="http"),
        source(f"https://{HOST}", said="https"),  # of a proxy that is not trusted
        source("http://127.0.0.1"),
        source(f"http://{HOST}.evil.example.org"),
        source("http://evil.example.org", "evil.example.org"),  # a name that was made to lead here
        source(f"http://{HOST}", ""),
        source(f"http://{HOST}", "[::1"),
    ],
)
def test_any_other_origin_is_not(given: Source) -> None:
    assert not is_ours(given)


def test_origin_of_the_public_address_is_ours_whatever_the_proxy_passes_on(settings: Settings) -> None:
    settings.PUBLIC_URL = f"https://{HOST}:8443/sf"

    assert is_ours(source(f"https://{HOST}:8443", "127.0.0.1:8000"))
    assert not is_ours(source(f"https://{HOST}", "127.0.0.1:8000"))


def test_listed_sites_are_allowed(settings: Settings) -> None:
    settings.ENVIRONMENT = read({"CORS_ALLOWED_ORIGINS": "https://dash.example.org,null"})

    assert is_allowed_elsewhere("https://dash.example.org:443")
    assert is_allowed_elsewhere("null")
    assert not is_allowed_elsewhere("https://dash.example.org:8443")
    assert not is_allowed_elsewhere("file://")
    settings.ENVIRONMENT = read({"CORS_ALLOWED_ORIGINS": "*"})
    assert is_allowed_elsewhere("https://evil.example.org")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (source("null"), "CORS_ALLOWED_ORIGINS"),
        (source("file://"), "Programs send a token or key and no Origin"),
        (source("http://evil.example.org", "evil.example.org"), "add it to ALLOWED_HOSTS"),
        (source(f"https://{HOST}", said="http"), f"proxy_set_header X-Forwarded-Proto $scheme;), or set PUBLIC_URL=https://{HOST}."),
        (source(f"https://{HOST}", said="https"), "198.51.100.7, which is not a trusted proxy"),
        (source(f"http://{HOST}", is_secure=True, said="https"), "opened over http, but the proxy says https"),
        (source(f"https://{HOST}:8443"), "without this port: make the proxy pass on the Host header with its port"),
        (source(f"https://{HOST}", "127.0.0.1:8000"), f"set PUBLIC_URL=https://{HOST}."),
    ],
)  # fmt: skip
def test_advice_names_the_header_or_the_setting(given: Source, words: str) -> None:
    assert words in advice(given)


def test_advice_keeps_the_path_of_the_public_address(settings: Settings) -> None:
    settings.PUBLIC_PATH = "/sf"

    assert f"set PUBLIC_URL=https://{HOST}/sf." in advice(source(f"https://{HOST}", "127.0.0.1:8000"))
