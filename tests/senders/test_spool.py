"""The client's spool loses, repeats and blocks nothing, whatever happens to the machine."""

import json
import multiprocessing
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.clients.python import sensorfusion_client
from sensorfusion.clients.python.sensorfusion_client import Rejected, Spool, Unreachable
from tests.senders.stand_ins import Disk, PowerCut, Server, client_of


def line(number: int) -> bytes:
    return json.dumps({"observed_at": str(number), "values": {"temperature": number}}).encode()


def numbers(spool: Spool) -> list[int]:
    """Return all waiting readings, oldest first."""
    return [json.loads(each.line)["values"]["temperature"] for each in spool.waiting(100_000)]


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def test_readings_wait_in_the_order_they_came_and_outlive_the_process(spool: Spool) -> None:
    spool.put([line(1), line(2)])
    spool.put([line(3)])

    assert numbers(Spool(spool.directory)) == [1, 2, 3]


def test_what_is_settled_is_gone_and_the_rest_stays(spool: Spool) -> None:
    spool.put([line(n) for n in range(5)])

    spool.settle(spool.waiting(2))

    assert numbers(Spool(spool.directory)) == [2, 3, 4]
    assert spool.count() == 3


def test_a_torn_last_line_is_passed_over_and_the_next_reading_is_whole(spool: Spool) -> None:
    spool.put([line(1)])
    [path] = spool.directory.glob("*.readings")
    with path.open("ab") as file:
        file.write(b'0badc0de {"observed_at": "2", "val')

    assert numbers(spool) == [1]
    spool.put([line(3)])
    assert numbers(spool) == [1, 3]


def test_a_page_of_zeros_that_a_power_cut_left_is_passed_over(spool: Spool) -> None:
    spool.put([line(1)])
    [path] = spool.directory.glob("*.readings")
    with path.open("ab") as file:
        file.write(bytes(4096))

    spool.put([line(2)])

    assert numbers(spool) == [1, 2]


def test_a_damaged_reading_does_not_take_others_with_it(spool: Spool) -> None:
    spool.put([line(1), line(2), line(3)])
    [path] = spool.directory.glob("*.readings")
    path.write_bytes(path.read_bytes().replace(b'"temperature": 2', b'"temperature": 7'))

    assert numbers(spool) == [1, 3]


def test_a_damaged_position_sends_again_from_the_beginning(spool: Spool) -> None:
    spool.put([line(1), line(2)])
    spool.settle(spool.waiting(1))
    (spool.directory / "position.json").write_bytes(b"{")

    assert numbers(spool) == [1, 2]


def test_a_full_spool_lets_the_oldest_go_and_counts_them(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", most_bytes=8 * 1024)
    for n in range(400):
        spool.put([line(n)])

    kept = numbers(spool)
    size = sum(path.stat().st_size for path in spool.directory.glob("*.readings"))

    assert kept == list(range(400 - len(kept), 400))
    assert spool.lost == 400 - len(kept) > 0
    assert size <= 8 * 1024


def test_making_room_while_a_batch_is_under_way_loses_nothing_of_the_rest(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", most_bytes=8 * 1024)
    spool.put([line(0), line(1)])
    under_way = spool.waiting(2)
    for n in range(2, 400):
        spool.put([line(n)])
    kept = numbers(spool)

    spool.settle(under_way)

    assert numbers(spool) == kept


def test_space_is_given_back_once_everything_is_sent(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", most_bytes=8 * 1024)
    for n in range(100):
        spool.put([line(n)])

    while batch := spool.waiting(10):
        spool.settle(batch)

    assert len(list(spool.directory.glob("*.readings"))) == 1


def test_a_full_disk_is_told_and_leaves_no_half_reading(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    spool.put([line(1)])

    class FullDisk(Disk):
        def write(self, descriptor: int, data: bytes) -> int:
            if len(data) <= 5:
                raise OSError(28, "No space left on device")
            return super().write(descriptor, data[: len(data) - 5])

    monkeypatch.setattr(sensorfusion_client, "os", FullDisk(None, keeps=0))
    with pytest.raises(OSError, match="No space left"):
        spool.put([line(2)])
    monkeypatch.undo()

    [path] = spool.directory.glob("*.readings")
    assert path.read_bytes().endswith(b"\n")
    assert numbers(spool) == [1]


def test_what_the_server_refused_is_put_aside_once_with_its_reason(spool: Spool) -> None:
    spool.put([line(1), line(2)])
    batch = spool.waiting()
    refused = [Rejected(1, "temperature", "out_of_range", "too hot")]

    spool._put_aside(batch, refused)  # the power fails before the position is written, and the answer is repeated
    spool.settle(batch, refused)

    [kept] = spool.refused()
    assert kept["code"] == "out_of_range"
    assert kept["reading"]["values"] == {"temperature": 2}
    assert numbers(spool) == []


def test_refused_readings_do_not_fill_the_disk(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensorfusion_client, "REFUSED_BYTES", 2000)
    for n in range(100):
        spool.put([line(n)])
        spool.settle(spool.waiting(), [Rejected(0, None, "empty", "because")])

    assert sum(path.stat().st_size for path in spool.directory.glob("refused*")) < 5000
    assert spool.refused()[-1]["reading"]["observed_at"] == "99"


@pytest.mark.parametrize("keeps", [0.0, 0.5, 1.0])
def test_a_power_cut_at_any_step_loses_no_reading_that_was_taken(keeps: float, tmp_path: Path) -> None:
    steps = _journey(tmp_path / "whole", Disk(None, keeps=keeps), Server(), [])
    assert steps > 30

    for cut_at in range(1, steps + 1):
        server, taken = Server(refuses=_refuses_fives), list[int]()
        directory = tmp_path / str(cut_at)
        with pytest.raises(PowerCut):
            _journey(directory, Disk(cut_at, keeps=keeps), server, taken)
        _check(directory, server, taken)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(1, 60), st.floats(0, 1)), max_size=4))
def test_any_number_of_power_cuts_lose_no_reading_that_was_taken(cuts: list[tuple[int, float]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        server, taken = Server(refuses=_refuses_fives), list[int]()
        for start, (cut_at, keeps) in enumerate(cuts):
            try:
                _journey(Path(directory), Disk(cut_at, keeps=keeps), server, taken, first=start * 100)
            except PowerCut:
                continue
        _check(Path(directory), server, taken)


def _refuses_fives(reading: dict[str, Any]) -> str | None:
    return "out_of_range" if reading["values"]["temperature"] % 5 == 0 else None


def _journey(directory: Path, disk: Disk, server: Server, taken: list[int], first: int = 0) -> int:
    """Send readings while the server goes up and down and the spool fills; return the number of disk steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sensorfusion_client, "os", disk)
        client = client_of(server, spool=directory, spool_bytes=4 * 1024)
        for n in range(first, first + 12):
            is_away = n % 4 < 2
            server.trouble = lambda batch, is_away=is_away: Unreachable("away") if is_away else None  # type: ignore[misc]
            client._not_before = 0
            client.spool.put([line(n)])  # type: ignore[union-attr]
            taken.append(n)
            client.deliver()
    return disk.steps


def _check(directory: Path, server: Server, taken: list[int]) -> None:
    """Check that after the last power failure every accepted reading is delivered, or set aside with a reason."""
    server.trouble = lambda batch: None
    client = client_of(server, spool=directory, spool_bytes=4 * 1024)
    client.deliver()
    assert client.spool
    aside = [each["reading"]["values"]["temperature"] for each in client.spool.refused()]
    stored = [values["temperature"] for values in server.stored.values()]

    assert client.spool.lost == client.spool.count() == 0
    assert len(aside) == len(set(aside))
    assert set(taken) <= set(aside) | set(stored)
    assert all(n % 5 == 0 for n in aside)


@pytest.mark.crash
def test_a_killed_sender_loses_nothing_and_nothing_is_there_twice(tmp_path: Path) -> None:
    taken: list[int] = []
    server = Server()
    for start in range(0, 4000, 1000):
        here, there = multiprocessing.Pipe(duplex=False)
        sender = multiprocessing.get_context("spawn").Process(target=_put_for_ever, args=[tmp_path, start, there])
        sender.start()
        there.close()
        taken += _until_killed(sender, here, after=random.Random(start).randrange(20, 80))

        client_of(server, spool=tmp_path).deliver()

    stored = [values["temperature"] for values in server.stored.values()]
    assert len(taken) >= 80
    assert set(taken) <= set(stored)
    assert len(stored) == len(set(stored))


def _put_for_ever(directory: Path, start: int, taken: Any) -> None:
    spool = Spool(directory)
    for n in range(start, start + 1000):
        spool.put([line(n)])
        taken.send(n)


def _until_killed(sender: Any, taken: Any, *, after: int) -> Iterator[int]:
    for count in range(1000):
        if count == after:
            sender.kill()
        try:
            yield taken.recv()
        except EOFError:
            break
    sender.join()
