"""What a target writes, taken apart."""

from urllib.parse import parse_qsl, urlsplit

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.target import Outgoing, Sample, Target
from tests.send_on.conftest import ACCOUNTS


def asked(target: Target, *samples: Sample) -> tuple[str, str, dict[str, str]]:
    """Return the method, the address and the fields of the only request for samples."""
    [request] = target.write(samples, ACCOUNTS[target.slug])
    assert isinstance(request, Request)
    address, _, query = request.url.partition("?")
    found = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    assert len(found) == len(dict(found))
    return request.method, address, dict(found)


def path_and_query(request: Outgoing) -> str:
    assert isinstance(request, Request)
    parts = urlsplit(request.url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
