"""ALLOWED_HOSTS: every part can match a request, as Django and the sockets' origin check compare hosts."""

from urllib.parse import urlsplit

import pytest
from channels.security.websocket import OriginValidator
from django.http.request import split_domain_port, validate_host

from sensorfusion.config import hosts
from sensorfusion.config.env import BadEnvironment, read

# A part, and the Host header of a request that it must match.
VALID = [
    ("sensors.example.org", "sensors.example.org"),
    ("Sensors.Example.ORG", "sensors.example.org:8000"),
    (".example.org", "deep.sensors.example.org"),
    (".example.org", "example.org"),
    ("*", "anything.example.org"),
    ("localhost", "localhost:8000"),
    ("192.168.1.10", "192.168.1.10:8000"),
    ("[::1]", "[::1]:8000"),
    ("[fd00::1]", "[fd00::1]"),
    ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ("raspberrypi", "raspberrypi"),
]
# A part that matches nothing, and what to write instead.
USELESS = [
    ("https://sensors.example.org", "sensors.example.org, without the scheme"),
    ("https://sensors.example.org:8443/path", "sensors.example.org, without the scheme"),
    ("sensors.example.org:8000", "sensors.example.org, without the port"),
    ("sensors.example.org/sf", "sensors.example.org, without the path"),
    ("sensors.example.org/", "sensors.example.org, without the path"),
    ("admin@sensors.example.org", "sensors.example.org, without the account"),
    ("*.example.org", ".example.org, which matches all names below example.org and itself"),
    ("sensors.*", ".sensors"),
    ("**", "* for all names"),
    ("*:8000", "*, without the port"),
    ("a.example.org b.example.org", "commas between names"),
    ("a.example.org;b.example.org", "commas between names"),
    ('"sensors.example.org"', "sensors.example.org, without quotes"),
    ("['sensors.example.org']", "sensors.example.org"),
    ("bücher.example", "xn--bcher-kva.example"),
    ("::1", "[::1]"),
    ("[0:0:0:0:0:0:0:1]", "[::1]"),
    ("192.168.1.0/24", "networks cannot be given"),
    ("192.168.1.300", "an address"),
    ("192.168.1.*", "192.168.1"),
    ("my_host", "without _"),
    ("sensors..example.org", "a name such as"),
    ("sensors.example.org.", "a name such as"),
    (".", "a name such as"),
    ("^sensors", "a name such as"),
]


@pytest.mark.parametrize(("part", "header"), VALID)
def test_accepted_part_matches_requests_and_origins(part: str, header: str) -> None:
    allowed = list(read({"ALLOWED_HOSTS": part}).allowed_hosts)

    domain, _ = split_domain_port(header)
    assert validate_host(domain, allowed)
    assert OriginValidator(None, allowed).valid_origin(urlsplit(f"https://{header}"))


@pytest.mark.parametrize(("part", "instead"), USELESS)
def test_part_that_matches_nothing_is_refused_with_what_to_write(part: str, instead: str) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read({"ALLOWED_HOSTS": f"good.example.org,{part}"})

    message = str(refused.value)
    assert message.startswith(f"ALLOWED_HOSTS has {part!r}, which matches no request: write ")
    assert instead in message
    assert "\n" not in message


@pytest.mark.parametrize(("part", "instead"), USELESS)
def test_refused_part_would_indeed_have_matched_no_request(part: str, instead: str) -> None:
    names = ("sensors.example.org", "a.example.org", "deep.a.example.org", "xn--bcher-kva.example", "[::1]", "my_host")
    headers = [*names, "192.168.1.10", "192.168.1.0", "localhost", "sensors", "sensors.example", "sensors.example.org."]
    domains = [split_domain_port(header)[0] for header in headers]

    assert not any(validate_host(domain, [part]) for domain in domains if domain)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Sensors.example.org:8443", "sensors.example.org"),
        ("https://[fd00::1]:8443", "[fd00::1]"),
        ("http://192.168.1.10", "192.168.1.10"),
    ],
)
def test_host_of_the_public_url_matches_its_requests(url: str, host: str) -> None:
    assert hosts.of_url(url) == host
