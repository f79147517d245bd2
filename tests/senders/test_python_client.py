"""The Python client: its requests, retries and messages."""

import ast
import gzip
import http.server
import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sensorfusion.clients.python import sensorfusion_client
from sensorfusion.clients.python.sensorfusion_client import (
    AsyncClient,
    Client,
    KeyRefused,
    Receipt,
    Unreachable,
    _Stamp,
    _TooLarge,
    _understood,
)
from tests.senders.stand_ins import Server, client_of

RECEIPT = {"accepted": 1, "duplicates": 0, "rejected": [], "seq": 7}
SOURCE = Path(sensorfusion_client.__file__)


def test_reading_is_stamped_once_so_that_a_second_try_is_the_same_reading() -> None:
    seen: list[str] = []

    def twice(batch: list[dict[str, Any]]) -> Exception | None:
        seen.append(batch[0]["observed_at"])
        return Unreachable("away") if len(seen) == 1 else None

    server = Server(trouble=twice)
    receipt = client_of(server).send(temperature=21.4)

    assert receipt.accepted == 1
    assert len(seen) == 2
    assert len(set(seen)) == 1
    assert datetime.fromisoformat(seen[0]).tzinfo is not None


def test_two_readings_of_one_instant_of_the_clock_stay_two() -> None:
    stamp = _Stamp(lambda: datetime(2026, 11, 22, tzinfo=UTC))

    assert len({stamp() for _ in range(100)}) == 100


def test_a_clock_that_was_put_right_is_believed() -> None:
    times = [datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 22, 6, tzinfo=UTC)]
    stamp = _Stamp(lambda: times.pop(0))

    assert [stamp(), stamp()] == ["2026-11-22T12:00:00+00:00", "2026-11-22T06:00:00+00:00"]


def test_units_and_times_of_ones_own_go_along() -> None:
    server = Server()

    client_of(server).send(temperature=(70.1, "°F"), observed_at=datetime(2026, 11, 22, 6, tzinfo=UTC))

    assert server.stored == {"2026-11-22T06:00:00+00:00": {"temperature": {"value": 70.1, "unit": "°F"}}}


@pytest.mark.parametrize(
    "given",
    [{}, {"temperature": float("nan")}, {"temperature": 1, "observed_at": datetime(2026, 11, 22)}],
    ids=["empty", "not finite", "no time zone"],
)
def test_what_can_never_be_taken_is_refused_before_it_is_kept(given: dict[str, Any], tmp_path: Path) -> None:
    client = client_of(Server(), spool=tmp_path)

    with pytest.raises(ValueError, match=r"\w"):
        client.send(**given)

    assert client.spool
    assert client.spool.count() == 0


def test_without_a_spool_it_gives_up_after_a_while_and_says_why() -> None:
    waits: list[float] = []
    server = Server(trouble=lambda batch: Unreachable("no route", retry_after_s=9))
    client = client_of(server, give_up_after_s=8)
    client.pause = lambda seconds: waits.append(float(seconds))

    with pytest.raises(Unreachable, match="no route"):
        client.send(temperature=1)

    assert waits == []  # the server asked for a longer wait than the limit


def test_waits_grow_are_spread_and_honour_what_the_server_asks() -> None:
    client = client_of(Server())

    waits = [client._failed(Unreachable("away")) for _ in range(12)]
    asked = client._failed(Unreachable("busy", retry_after_s=1000))

    assert 0.5 <= waits[0] <= 1
    assert waits[5] > 10
    assert max(waits) <= sensorfusion_client.LONGEST_WAIT_S
    assert asked == 1000


def test_a_wrong_key_is_said_at_once_and_not_tried_again() -> None:
    server = Server(trouble=lambda batch: KeyRefused("unknown key"))

    with pytest.raises(KeyRefused):
        client_of(server).send(temperature=1)

    assert len(server.batches) == 1


def test_with_a_spool_nothing_is_lost_while_the_server_is_away(tmp_path: Path) -> None:
    server = Server(trouble=lambda batch: Unreachable("no route"))
    client = client_of(server, spool=tmp_path)

    kept = client.send(temperature=1)
    again = client.send(temperature=2)
    server.trouble = lambda batch: None
    client._not_before = 0
    sent = client.send(temperature=3)

    assert kept.kept == "no route"
    assert again.kept
    assert len(server.batches) == 2  # the second reading was not tried again
    assert (sent.accepted, sent.kept) == (3, "")
    assert [values["temperature"] for values in server.stored.values()] == [1, 2, 3]


def test_a_refused_reading_is_put_aside_and_the_others_go_on(tmp_path: Path) -> None:
    server = Server(refuses=lambda reading: "out_of_range" if reading["values"]["temperature"] > 80 else None)
    client = client_of(server, spool=tmp_path)

    receipt = client.send_many([{"values": {"temperature": t}} for t in (1, 9000, 2)])

    assert receipt.accepted == 2
    assert [each.code for each in receipt.rejected] == ["out_of_range"]
    assert client.spool
    assert [each["reading"]["values"] for each in client.spool.refused()] == [{"temperature": 9000}]
    assert client.spool.count() == 0


def test_a_batch_that_is_too_large_goes_in_parts(tmp_path: Path) -> None:
    server = Server(trouble=lambda batch: _TooLarge("too large") if len(batch) > 3 else None)
    client = client_of(server, spool=tmp_path)

    receipt = client.send_many([{"values": {"temperature": t}} for t in range(10)])

    assert receipt.accepted == 10


def test_a_reading_that_is_too_large_alone_does_not_block_the_queue(tmp_path: Path) -> None:
    server = Server(
        trouble=lambda batch: _TooLarge("too large") if any("big" in each["values"] for each in batch) else None
    )
    client = client_of(server, spool=tmp_path)

    receipt = client.send_many([{"values": {"big": 1}}, {"values": {"temperature": 2}}])

    assert receipt.accepted == 1
    assert client.spool
    assert [each["code"] for each in client.spool.refused()] == ["too_large"]


def test_only_one_of_two_processes_sends(tmp_path: Path) -> None:
    one, other = client_of(Server(), spool=tmp_path), client_of(Server(), spool=tmp_path)
    assert one.spool

    with one.spool.delivering() as mine:
        assert mine
        assert other.send(temperature=1).kept == "another process sends from this spool"

    assert one.deliver().accepted == 1


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (200, "<html>Please sign in to the hotel's network</html>", KeyRefused),
        (200, '{"accepted": 1}', KeyRefused),
        (301, "", KeyRefused),
        (401, '{"code":"no_key","detail":"There is no key."}', KeyRefused),
        (404, "nothing here", KeyRefused),
        (413, '{"detail":"too large"}', _TooLarge),
        (429, "", Unreachable),
        (500, "", Unreachable),
        (503, '{"code":"overloaded"}', Unreachable),
    ],
)
def test_only_a_receipt_counts_as_taken(status: int, body: str, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        _understood(status, {}, body.encode())


def test_retry_after_is_read_in_both_its_forms() -> None:
    for written, least in (("7", 7), ("Fri, 31 Dec 2100 23:59:59 GMT", 3600), ("soon", 0)):
        with pytest.raises(Unreachable) as refused:
            _understood(503, {"retry-after": written}, b"")

        assert refused.value.retry_after_s == least


async def test_asyncio_has_the_same_client(tmp_path: Path) -> None:
    server = Server()
    async with AsyncClient("http://sensors.test", "sf_key", spool=tmp_path) as client:
        client.client._link = server  # type: ignore[assignment]

        receipts = [await client.send(temperature=1), await client.send({"humidity": 2}), await client.deliver()]

    assert [receipt.accepted for receipt in receipts] == [1, 1, 0]


def test_it_runs_on_old_pythons_and_needs_nothing_installed() -> None:
    tree = ast.parse(SOURCE.read_text(), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }

    assert imported <= sys.stdlib_module_names


class Recorder(http.server.BaseHTTPRequestHandler):
    """A server that gives the configured answers and records the requests."""

    protocol_version = "HTTP/1.1"
    answers: list[tuple[int, dict[str, str], bytes]]
    requests: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.requests.append((self.path, dict(self.headers.items()), body))
        status, headers, answer = self.answers.pop(0) if self.answers else (200, {}, json.dumps(RECEIPT).encode())
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(answer))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)
        self.close_connection = "Connection" in headers or "hang-up" in headers

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def recorder() -> Iterator[tuple[str, type[Recorder]]]:
    kind = type("OneRecorder", (Recorder,), {"answers": [], "requests": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", kind
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.sockets
def test_request_carries_key_and_reading(recorder: tuple[str, type[Recorder]]) -> None:
    url, seen = recorder

    with Client(url + "/behind/a/proxy/", "sf_key") as client:
        receipt = client.send(temperature=21.4, observed_at=1795327260)

    [(path, headers, body)] = seen.requests
    assert path == "/behind/a/proxy/api/v1/readings"
    assert headers["Authorization"] == "Bearer sf_key"
    assert json.loads(body) == {"readings": [{"observed_at": 1795327260, "values": {"temperature": 21.4}}]}
    assert receipt == Receipt(accepted=1, seq=7)


@pytest.mark.sockets
def test_large_batches_go_compressed(recorder: tuple[str, type[Recorder]]) -> None:
    url, seen = recorder

    with Client(url, "sf_key") as client:
        client.send_many([{"values": {"temperature": n}} for n in range(100)])

    [(_, headers, body)] = seen.requests
    assert headers["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(body))["readings"]) == 100


@pytest.mark.sockets
def test_a_kept_connection_that_the_server_closed_is_opened_again(recorder: tuple[str, type[Recorder]]) -> None:
    url, seen = recorder
    seen.answers[:] = [(200, {"hang-up": "yes"}, json.dumps(RECEIPT).encode())]

    with Client(url, "sf_key") as client:
        client.send(temperature=1)
        client.send(temperature=2)

    assert len(seen.requests) == 2


@pytest.mark.sockets
def test_redirects_are_not_followed_for_the_key_would_go_along(recorder: tuple[str, type[Recorder]]) -> None:
    url, seen = recorder
    seen.answers[:] = [(302, {"Location": url + "/elsewhere"}, b"")]

    with Client(url, "sf_key") as client, pytest.raises(KeyRefused, match="is the address right"):
        client.send(temperature=1)

    assert len(seen.requests) == 1


@pytest.mark.sockets
def test_nobody_listening_is_said_with_the_host() -> None:
    nobody = Client("http://127.0.0.1:1", "sf_key", give_up_after_s=0)

    with pytest.raises(Unreachable, match=r"no answer from 127\.0\.0\.1"):
        nobody.send(temperature=1)


@pytest.mark.parametrize("url", ["sensors.example.org", "ftp://sensors.example.org", "https://"])
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        Client(url, "sf_key")
