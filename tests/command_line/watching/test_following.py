"""Which values a board asks for, and what it says while the server is away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sensorfusion.clients.python.sensorfusion_reader import ApiError, Latest, Series, Unreachable
from sensorfusion.command_line.watching.following import ASKED_AT_ONCE, CHECKED_EVERY, LINES_EVERY, Board, sensors_of

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


class Server:
    """Stands in for the reader: `values` are the temperatures of its sensors."""

    def __init__(self, many: int = 2) -> None:
        self.values = {f"s{number}": float(number) for number in range(many)}
        self.is_away = False
        self.messages_to_come: list[dict[str, Any]] = []
        self.end: ApiError | None = None
        self.asked: list[str] = []
        self.charts = 0

    def sites(self) -> Iterator[dict[str, Any]]:
        yield {"id": "here", "time_zone": "Europe/Warsaw"}

    def sensors(self, **_: str) -> Iterator[dict[str, Any]]:
        rest = {"site": "here", "quantities": {}, "kind": "", "primary_quantity": ""}
        yield from ({"id": name, "name": name.upper(), **rest} for name in self.values)

    def latest(self, sensor: str) -> Latest:
        if self.is_away:
            raise Unreachable("no answer")
        self.asked.append(sensor)
        return Latest(sensor, "live", 1, NOW, {"temperature": self.values[sensor]})

    def series(self, sensor: str, quantities: list[str], **_: Any) -> Series:
        self.charts += 1
        return Series("1h", [NOW - timedelta(hours=1)], {name: {"mean": [7.0]} for name in quantities})

    def live(self, *_: str) -> "Server":
        return self

    def messages(self) -> Iterator[dict[str, Any]]:
        yield from self.messages_to_come
        if self.end:
            raise self.end


class Watched:
    def __init__(self, many: int = 2) -> None:
        self.server, self.now = Server(many), NOW
        self.board = Board(self.server, lambda: self.now)  # type: ignore[arg-type]  # what it uses of a reader
        self.board.load()
        self.server.asked.clear()

    def told(self, *messages: dict[str, Any]) -> None:
        self.server.messages_to_come = list(messages)
        self.board.follow()

    def shown(self) -> dict[str, Any]:
        return {tile.id: tile.values["temperature"] for tile in self.board.tiles}


def changed(*sensors: str) -> dict[str, Any]:
    return {"type": "readings", "readings": [{"sensor": each, "seq": 2, "values": {}} for each in sensors]}


def test_only_what_changed_is_asked_for_once() -> None:
    watched = Watched(3)
    watched.server.values["s1"] = 9.5
    watched.told(changed("s1"), changed("s1"), changed("elsewhere"))
    watched.board.renew()

    assert (watched.server.asked, watched.shown()) == (["s1"], {"s0": 0.0, "s1": 9.5, "s2": 2.0})
    watched.board.renew()
    assert watched.server.asked == ["s1"]


def test_very_many_changes_are_asked_for_in_parts() -> None:
    watched = Watched(50)
    watched.told(changed(*watched.server.values))
    for done in (ASKED_AT_ONCE, 2 * ASKED_AT_ONCE, 50, 50):
        watched.board.renew()
        assert len(watched.server.asked) == done


def test_every_kind_of_message_names_its_sensors() -> None:
    assert sensors_of({"type": "snapshot", "sensors": [{"sensor": "a"}, {"sensor": "b"}]}) == ["a", "b"]
    assert sensors_of({"type": "sensor", "sensor": "a", "state": "late"}) == ["a"]
    assert sensors_of({"type": "gap", "sensor": "a", "after": 1, "until": 9}) == ["a"]
    assert sensors_of(changed("a")) == ["a"]
    assert sensors_of({"type": "something new"}) == []


def test_a_server_that_is_away_is_noticed_without_a_change_and_all_is_asked_again_after_it() -> None:
    watched = Watched()
    watched.server.is_away = True
    watched.now += CHECKED_EVERY
    watched.board.renew()
    assert watched.board.away_since == watched.now
    since, watched.now = watched.now, watched.now + timedelta(minutes=3)
    watched.board.renew()
    assert watched.board.away_since == since

    watched.server.is_away, watched.server.values["s1"] = False, 8.0
    watched.board.renew()

    assert watched.board.away_since is None
    assert watched.shown() == {"s0": 0.0, "s1": 8.0}


def test_lines_are_drawn_again_after_a_while() -> None:
    watched = Watched()
    assert watched.server.charts == 2
    watched.board.renew()
    assert watched.server.charts == 2
    watched.now += LINES_EVERY
    watched.board.renew()
    assert watched.server.charts == 4


def test_a_token_that_ends_is_said() -> None:
    watched = Watched()
    watched.server.end = ApiError(401, "not_authenticated", "The token has expired.")
    watched.told()

    assert watched.board.ended is watched.server.end
