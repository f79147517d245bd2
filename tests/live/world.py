"""An in-memory environment of the hub: a database, sockets that can be slow, and clients that count."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from sensorfusion.events.messages import StoredReading
from sensorfusion.live.counts import Counts
from sensorfusion.live.hub import DatabaseAway, Hub, Pace, Page
from sensorfusion.live.mailbox import LIMITS, Limits, Line, Mailbox
from sensorfusion.live.protocol import Subscribe
from sensorfusion.live.reads import Present, Rhythm, Sites
from sensorfusion.live.rights import Credential
from sensorfusion.live.viewer import Viewer
from sensorfusion.readings.storage import wire

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPERATOR = 1

Row = tuple[int, float]  # seq, value


def uuid_of(sensor: int) -> str:
    return f"00000000-0000-4000-8000-{sensor:012d}"


def reading(sensor: int, seq: int, *, minute: int | None = None, value: float = 20.0) -> StoredReading:
    """Return a stored reading of one sensor, as the writer announces it."""
    at = NOON + timedelta(minutes=seq if minute is None else minute)
    encoded = wire.encode(
        uuid=uuid_of(sensor),
        seq=seq,
        observed_at=at,
        received_at=at,
        values_json=b'{"temperature":%d}' % value,
        flags_json=None,
    )
    return StoredReading(sensor, seq, encoded, at, at)


@dataclass
class FakeDatabase:
    """Readings by sensor and minute, with the seq of their latest change; replaces PostgreSQL and HTTP."""

    sensors: Iterable[int]
    page: int = 3  # small, so that a few readings are several pages
    delay_s: float = 0.0
    failures: int = 0  # number of the next queries that fail
    rows: dict[int, dict[int, Row]] = field(default_factory=dict)
    seq: Counter[int] = field(default_factory=Counter)
    visible: set[int] = field(default_factory=set)
    asked: int = 0

    def __post_init__(self) -> None:
        self.rows = {sensor: {} for sensor in self.sensors}
        self.visible = set(self.rows)

    def store(self, sensor: int, minute: int, value: float) -> StoredReading:
        """Store a reading, or merge it into the one of the same minute."""
        self.seq[sensor] += 1
        self.rows[sensor][minute] = self.seq[sensor], value
        return reading(sensor, self.seq[sensor], minute=minute, value=value)

    def after(self, sensor: int, seq: int) -> list[StoredReading]:
        changed = sorted((row[0], minute, row[1]) for minute, row in self.rows[sensor].items() if row[0] > seq)
        return [reading(sensor, row_seq, minute=minute, value=value) for row_seq, minute, value in changed]

    async def ids(self, uuids: Iterable[str], *, operator: int, sites: Sites) -> dict[str, int]:
        wanted = set(uuids)
        await self._answer()
        return {uuid_of(sensor): sensor for sensor in self.rows if uuid_of(sensor) in wanted}

    async def present(self, sensors: Iterable[int], *, operator: int, sites: Sites) -> dict[int, Present]:
        seen = {sensor: self._present(sensor) for sensor in sensors if sensor in self.visible}
        await self._answer()
        return seen

    def _present(self, sensor: int) -> Present:
        rhythm = Rhythm(NOON, 60.0, "active")
        return Present(uuid_of(sensor), f"Sensor {sensor}", True, self.seq[sensor], NOON, b"{}", None, None, rhythm)

    async def changes(self, after: Mapping[int, int]) -> dict[int, Page]:
        pages = {sensor: self._page(sensor, seq) for sensor, seq in after.items()}
        await self._answer()
        return pages

    def _page(self, sensor: int, seq: int) -> Page:
        found = self.after(sensor, seq)
        if len(found) > self.page:
            return Page(found[: self.page], found[self.page - 1].seq, is_last=False)
        return Page(found, self.seq[sensor], is_last=True)

    async def seqs(self, sensors: Iterable[int]) -> dict[int, int]:
        found = {sensor: self.seq[sensor] for sensor in sensors}
        await self._answer()
        return found

    async def _answer(self) -> None:
        """Wait a while, so that the result may be outdated when it arrives."""
        self.asked += 1
        fails, self.failures = self.failures > 0, max(0, self.failures - 1)
        await asyncio.sleep(self.delay_s)
        if fails:
            raise DatabaseAway("as the test wants it")


class FakeSocket:
    """A server's end of a connection: `send` waits while the transport is full, and fails once it is broken.

    It offers a line, as the platform's server does, and fails if something is written by it when that is not allowed.
    """

    def __init__(self) -> None:
        self.straight: list[bytes] = []  # what came by the line
        self._on_line: Callable[[Line | None], None] = lambda line: None
        self.sent: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.code: int | None = None
        self.is_broken = False
        self._room = asyncio.Event()
        self._room.set()

    async def send(self, event: dict[str, Any]) -> None:
        await self._room.wait()
        if self.is_broken:
            raise ConnectionResetError
        if event["type"] == "websocket.close":
            self.code = event["code"]
            self._tell_line()
        else:
            self.events.append(event)
            self.sent.append(msgspec.json.decode(event["text"]))

    def watch(self, on_line: Callable[[Line | None], None]) -> None:
        self._on_line = on_line
        self._tell_line()

    def _tell_line(self) -> None:
        is_open = self._room.is_set() and not self.is_broken and self.code is None
        self._on_line(self._write if is_open else None)

    def _write(self, octets: bytes) -> None:
        assert self._room.is_set(), "it is full"
        assert not self.is_broken
        assert self.code is None, "it is closed"
        self.straight.append(octets)
        text = _text_of(octets)
        self.events.append({"type": "websocket.send", "text": text})
        self.sent.append(msgspec.json.decode(text))

    def fill(self) -> None:
        """Stop the client from reading."""
        self._room.clear()
        self._tell_line()

    def drain(self) -> None:
        """Let the client read again."""
        self._room.set()
        self._tell_line()

    def break_off(self) -> None:
        self.is_broken = True
        self._room.set()
        self._tell_line()

    def seqs(self, sensor: int) -> list[int]:
        """Return the seqs of a sensor in the order of arrival."""
        uuid = uuid_of(sensor)
        frames = [message["readings"] for message in self.sent if message["type"] == "readings"]
        return [each["seq"] for frame in frames for each in frame if each["sensor"] == uuid]

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.sent if message["type"] == kind]


def _text_of(octets: bytes) -> str:
    """Return the text of an unmasked frame."""
    assert octets[0] == 0x81
    return octets[{126: 4, 127: 10}.get(octets[1], 2) :].decode()


def mailbox(socket: FakeSocket, counts: Counts | None = None, limits: Limits = LIMITS, **options: Any) -> Mailbox:
    options = {
        "watch": socket.watch,
        "uuid_of": uuid_of,
        "on_stuck": lambda: None,
        "counts": counts or Counts(),
        **options,
    }
    return Mailbox(socket.send, limits=limits, **options)


def hub(database: FakeDatabase) -> Hub:
    """Create a hub that is paced by the clockwork's time."""
    return Hub(database, pace=Pace(clock=lambda: asyncio.get_running_loop().time()))


class Client:
    """A client: keeps every change once, resumes after a disconnect, and fetches gaps by HTTP."""

    def __init__(self, database: FakeDatabase, hub: Hub, limits: Limits = LIMITS) -> None:
        self._database = database
        self._hub = hub
        self._limits = limits
        self.rows: dict[int, dict[int, Row]] = {}
        self.began: dict[int, int] = {}  # by sensor: the seq before the first change it wants
        self.last: dict[int, int] = {}  # the seq that arrived last
        self.has: dict[int, int] = {}  # the seq until which it has everything since it began
        self.socket = FakeSocket()
        self._mailbox: Mailbox | None = None
        self._viewer: Viewer | None = None
        self._asked: Counter[int] = Counter()
        self._from_now: set[int] = set()
        self._wants_all: set[int] = set()  # subscribed once from the start: "from now" would leave something out
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_connected(self) -> bool:
        return self._viewer is not None

    def connect(self, sensors: Iterable[int], *, from_the_start: bool = False) -> None:
        self.socket = FakeSocket()
        self._mailbox = mailbox(self.socket, limits=self._limits)
        self._hub.welcome(self._mailbox)
        self._asked.clear()
        self._viewer = Viewer(
            Credential(OPERATOR),
            self._mailbox,
            hub=self._hub,
            archive=self._database,
            judge=lambda sensor, rhythm, *, name: None,
            now=lambda: NOON,
        )
        self.subscribe(sensors, from_the_start=from_the_start)

    def subscribe(self, sensors: Iterable[int], *, from_the_start: bool = False) -> None:
        assert self._viewer is not None
        wanted = list(sensors)
        self._wants_all |= set(wanted if from_the_start else ())
        self._tasks.append(asyncio.create_task(self._until_it_works(self._viewer, wanted)))

    async def _until_it_works(self, viewer: Viewer, wanted: list[int]) -> None:
        while True:
            self._asked.update(wanted)
            resumed = self._wants_all | self.has.keys()
            self._from_now |= set(wanted) - resumed
            after = {uuid_of(sensor): self.has.get(sensor, 0) for sensor in wanted if sensor in resumed}
            try:
                return await viewer.subscribe(Subscribe(sensors=[*map(uuid_of, wanted)], after=after))
            except DatabaseAway:  # the consumer answers with an error, and the client retries
                await asyncio.sleep(0.1)
                self.read()

    def unsubscribe(self, sensor: int) -> None:
        if self._viewer is not None:
            self._viewer.unsubscribe([uuid_of(sensor)])

    async def disconnect(self) -> None:
        if self._viewer is not None and self._mailbox is not None:
            self.socket.break_off()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._viewer.stop()
            self._hub.farewell(self._mailbox)
            await self._mailbox.stop()
            self.read()
            self._viewer, self._tasks = None, []

    def read(self) -> None:
        """Process what has arrived, as a client would; a repeated change is an error."""
        for message in self.socket.sent:
            match message["type"]:
                case "snapshot":
                    for entry in message["sensors"]:
                        self._begin(int(entry["sensor"][-12:]), entry["seq"])
                case "readings":
                    for each in message["readings"]:
                        self._apply(int(each["sensor"][-12:]), each["seq"], each)
                case "gap":
                    self._fetch(int(message["sensor"][-12:]), message["after"], message["until"])
        self.socket.sent.clear()

    def _begin(self, sensor: int, seq: int) -> None:
        # A repeated subscription sends again the changes between the request and its answer.
        assert seq >= self.last.get(sensor, seq) or self._asked[sensor] > 1, "the snapshot goes back"
        if sensor not in self.began or seq > self.has[sensor]:
            assert sensor in self._from_now or sensor not in self.began, "the snapshot leaves something out"
            self.began[sensor] = self.has[sensor] = seq
            self.rows[sensor] = {}
        self.began[sensor] = min(self.began[sensor], seq)
        self.last[sensor] = seq

    def _apply(self, sensor: int, seq: int, message: dict[str, Any]) -> None:
        assert seq > self.last[sensor], f"sensor {sensor}: {seq} after {self.last[sensor]}"
        minute = (datetime.fromisoformat(message["observed_at"]) - NOON) // timedelta(minutes=1)
        self._keep(sensor, minute, (seq, message["values"]["temperature"]))
        self._came_to(sensor, seq)

    def _fetch(self, sensor: int, after: int, until: int) -> None:
        for minute, row in self._database.rows[sensor].items():
            if row[0] > after:
                self._keep(sensor, minute, row)
        self._came_to(sensor, max(self.last[sensor], until))

    def _came_to(self, sensor: int, seq: int) -> None:
        self.last[sensor] = seq
        self.has[sensor] = max(self.has[sensor], seq)

    def _keep(self, sensor: int, minute: int, row: Row) -> None:
        known = self.rows[sensor].get(minute)
        if known is None or known[0] < row[0]:
            self.rows[sensor][minute] = row

    def expected(self, sensor: int) -> dict[int, Row]:
        """Return what the client should have: everything that was stored or changed after it began."""
        return {minute: row for minute, row in self._database.rows[sensor].items() if row[0] > self.began[sensor]}
