"""A single request: the addresses that are allowed, and the handling of all kinds of answers."""

import asyncio
import ssl
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.polling import fetching
from sensorfusion.ingest.polling.fetching import BadAddress, Fetcher, NoAnswer, target_of
from sensorfusion.outgoing.allowed_networks import allowed_networks, may_be_asked
from tests.certificates import certificate_for
from tests.ingest.polling.conftest import THIS_MACHINE, Device

PRIVATE = [
    "127.0.0.1",
    "10.0.0.7",
    "172.16.3.4",
    "192.168.1.20",
    "169.254.169.254",  # metadata service of clouds
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:5db8:d70e::1",  # even with a public address inside
    "2001:0:5db8:d70e::1",
    "168.63.129.16",  # Azure's services for its virtual machines
    "100.100.100.200",  # the same of Alibaba
    "192.0.0.192",  # and of Oracle
    "192.88.99.1",
    "fd00:ec2::254",
    "fec0::1",
    "::93.184.215.14",
    "::ffff:0:93.184.215.14",
    "64:ff9b:1::5db8:d70e",
    "100::1",
    "3fff::1",
    "5f00::1",
    "4000::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_may_not_be_asked(address: str) -> None:
    assert not may_be_asked(address, ())


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
)
def test_public_addresses_may_be_asked(address: str) -> None:
    assert may_be_asked(address, ())


@given(st.ip_addresses())
def test_what_python_does_not_call_global_is_never_asked(address: IPv4Address | IPv6Address) -> None:
    if may_be_asked(str(address), ()) and not stands_for_ipv4(address):
        assert address.is_global


def stands_for_ipv4(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an IPv6 address only stands for an IPv4 one."""
    return isinstance(address, IPv6Address) and (
        address.ipv4_mapped is not None or address in IPv6Network("64:ff9b::/96")
    )


def test_networks_that_are_allowed_may_be_asked_and_no_others() -> None:
    allowed = allowed_networks(["192.168.1.0/24", "fd00::/64"])

    assert may_be_asked("192.168.1.20", allowed)
    assert may_be_asked("::ffff:192.168.1.20", allowed)
    assert may_be_asked("fd00::7", allowed)
    assert not may_be_asked("192.168.2.20", allowed)
    assert not may_be_asked("127.0.0.1", allowed)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "//example.org",
        "example.org",
        "http://",
        "http://user:secret@example.org/",
        "http://[::1",
        "http://x:99999/",
        "file:///etc/passwd",
    ],
)
def test_what_cannot_be_asked_is_no_address(url: str) -> None:
    with pytest.raises(BadAddress) as refused:
        target_of(url)

    assert "secret" not in str(refused.value)


@pytest.mark.sockets
async def test_question_carries_headers_and_the_name_that_was_asked_for(device: Device) -> None:
    port = device.url.rpartition(":")[2].partition("/")[0]

    async def here(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    fetcher = Fetcher(allowed=THIS_MACHINE, resolve=here)
    body = await fetcher.get(f"http://station.test:{port}/a%20b?x=1 2", {"X-API-Key": "0123", "Host": "elsewhere.test"})

    [head] = device.requests
    assert body == device.body
    assert head.startswith("GET /a%20b?x=1%202 HTTP/1.1\r\n")
    assert f"\r\nHost: station.test:{port}\r\n" in head
    assert "X-API-Key: 0123" in head
    assert "elsewhere" not in head


@pytest.mark.sockets
async def test_private_address_is_refused_before_anything_is_sent(device: Device) -> None:
    with pytest.raises(NoAnswer, match="POLL_ALLOW_NETWORKS"):
        await Fetcher(allowed=()).get(device.url, {})

    assert device.requests == []


@pytest.mark.sockets
async def test_a_name_is_resolved_once_and_that_address_is_connected_to(device: Device) -> None:
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    with pytest.raises(NoAnswer):
        await Fetcher(allowed=(), resolve=rebinding, within_s=0.05).get(
            device.url.replace("127.0.0.1", "rebinding.test"), {}
        )

    assert asked == ["rebinding.test"]
    assert device.requests == []


@pytest.mark.sockets
async def test_of_several_addresses_the_allowed_one_is_asked(device: Device) -> None:
    async def several(host: str, port: int) -> Sequence[str]:
        return ["10.0.0.1", "::1", "127.0.0.1"]

    assert await Fetcher(allowed=THIS_MACHINE, resolve=several).get(device.url.replace("127.0.0.1", "several.test"), {})


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("status", "headers", "why"),
    [
        (301, {"Location": "http://169.254.169.254/"}, "redirects to another address"),
        (401, {}, "requires a key"),
        (404, {}, "it answers 404"),
        (500, {}, "it answers 500"),
        (200, {"Content-Encoding": "gzip"}, "compressed"),
    ],
)
async def test_every_other_answer_says_what_it_was(
    device: Device, fetcher: Fetcher, status: int, headers: dict[str, str], why: str
) -> None:
    device.status, device.headers = status, headers

    with pytest.raises(NoAnswer, match=why):
        await fetcher.get(device.url, {})

    assert len(device.requests) == 1


@pytest.mark.sockets
async def test_wish_to_be_left_alone_is_passed_on(device: Device, fetcher: Fetcher) -> None:
    device.status, device.headers = 429, {"Retry-After": "120"}

    with pytest.raises(NoAnswer) as refused:
        await fetcher.get(device.url, {})

    assert refused.value.retry_after_s == 120


@pytest.mark.sockets
async def test_answer_without_end_is_cut_off(device: Device, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 1000)
    device.body = b" " * 1001

    with pytest.raises(NoAnswer, match="larger than 1,000"):
        await fetcher.get(device.url, {})


@pytest.mark.sockets
async def test_device_that_takes_the_question_and_says_nothing_is_given_up(device: Device) -> None:
    device.may_answer.clear()

    with pytest.raises(NoAnswer, match=r"within 0\.2 s"):
        await Fetcher(allowed=THIS_MACHINE, within_s=0.2).get(device.url, {})


@pytest.mark.sockets
async def test_nobody_there_is_said_in_words(fetcher: Fetcher) -> None:
    with pytest.raises(NoAnswer, match=r"^connection refused$"):
        await fetcher.get("http://127.0.0.1:1/", {})


@pytest.mark.sockets
async def test_what_does_not_speak_http_is_said_in_words(fetcher: Fetcher) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 smtp ready\r\n")
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        with pytest.raises(NoAnswer, match=r"does not speak HTTP|connection broke"):
            await fetcher.get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", {})


@pytest.mark.sockets
@pytest.mark.parametrize(("name", "is_trusted"), [("station.test", True), ("other.test", False)])
async def test_certificate_is_that_of_the_name_and_not_of_the_address(
    tmp_path: Path, name: str, is_trusted: bool
) -> None:
    certificate = certificate_for("station.test", tmp_path)
    serving, trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=certificate)
    serving.load_cert_chain(certificate)
    device = Device()
    device.may_answer.set()

    async def here(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async with await asyncio.start_server(device.serve, "127.0.0.1", 0, ssl=serving) as server:
        url = f"https://{name}:{server.sockets[0].getsockname()[1]}/"
        asking = Fetcher(allowed=THIS_MACHINE, resolve=here, trust=lambda: trust).get(url, {})
        if is_trusted:
            assert await asking == device.body
        else:
            with pytest.raises(NoAnswer, match="its certificate cannot be trusted"):
                await asking


@pytest.mark.parametrize(
    "url",
    [
        "http://api.openweathermap.org/data?appid={OPENWEATHERMAP_KEY}",
        "https://api.openweathermap.org:444/data?appid={OPENWEATHERMAP_KEY}",
        "https://api.openweathermap.org.evil.test/?appid={OPENWEATHERMAP_KEY}",
        "https://evil.test/?appid={OPENWEATHERMAP_KEY}",
    ],
)
async def test_key_of_the_server_is_sent_to_its_own_host_only(url: str) -> None:
    async def anywhere(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with pytest.raises(NoAnswer, match=r"only sent to https://api\.openweathermap\.org") as refused:
        await Fetcher(allowed=THIS_MACHINE, openweathermap_key="s3cret", resolve=anywhere).get(url, {})

    assert "s3cret" not in str(refused.value)


def test_key_of_the_server_is_put_in_for_openweathermap() -> None:
    target = target_of("https://api.openweathermap.org/data/2.5/weather?lat=1&appid={OPENWEATHERMAP_KEY}")

    assert Fetcher(allowed=(), openweathermap_key="a&b")._with_key(target) == "/data/2.5/weather?lat=1&appid=a%26b"
    with pytest.raises(NoAnswer, match="sets OPENWEATHERMAP_KEY"):
        Fetcher(allowed=())._with_key(target)


def test_public_authorities_are_trusted_where_the_system_lists_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    monkeypatch.setenv("SSL_CERT_DIR", "/nonexistent")

    assert fetching._trust().cert_store_stats()["x509_ca"] > 50
