"""One watched sensor: its position in the stream, readings that arrived out of order, and its followers."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from sensorfusion.events.messages import StoredReading

if TYPE_CHECKING:
    from sensorfusion.live.mailbox import Mailbox

UNKNOWN: Final = -1  # the sensor's seq was not read yet, and no change was announced
# Announcements that wait for an earlier one. More need not be kept: filling the hole fetches them too.
EARLY: Final = 100
# Readings kept for mailboxes that are reading the database; a slower read has to be repeated.
KEPT: Final = 1_000


class Topic:
    """Accepts announced readings in any order and turns them into a stream without holes and duplicates.

    `position` is the last seq of the stream, `known` the highest that is known to exist; the topic is behind while they
    differ. A sensor's seqs are written without holes, but a stored row keeps only its latest: readings from the
    database may skip some.
    """

    __slots__ = (
        "_early", "joining", "kept", "kept_after", "known", "late", "look_at", "mailboxes", "name", "position",
        "ready", "refusals", "sensor", "silent", "state", "uuid",
    )  # fmt: skip

    def __init__(self, sensor: int, uuid: str) -> None:
        self.sensor = sensor
        self.uuid = uuid
        self.position = UNKNOWN
        self.known = UNKNOWN
        self.ready: list[StoredReading] = []  # accepted, to be sent with the next flush
        self.mailboxes: set[Mailbox] = set()
        self.late: dict[Mailbox, int] = {}  # mailboxes that have read further than `position`, and up to which seq
        self.refusals: set[Mailbox] = set()  # mailboxes that also receive refused requests
        self.joining = 0  # number of mailboxes that are reading the database and will join
        self.kept: list[StoredReading] = []  # while `joining`: everything accepted after `kept_after`
        self.kept_after = UNKNOWN
        self.name = self.state = ""  # as last sent to the followers; empty before the first check
        self.look_at: datetime | None = None  # when the state changes if nothing more arrives
        self.silent = False  # late or offline at the last check: the next reading changes that
        self._early: dict[int, StoredReading] = {}

    @property
    def is_behind(self) -> bool:
        return self.known > self.position

    @property
    def is_watched(self) -> bool:
        return bool(self.mailboxes or self.late or self.joining)

    def accept(self, reading: StoredReading) -> bool:
        """Accept an announced reading; return whether there is something to send."""
        if reading.seq == self.position + 1:
            self._take(reading)
            if self._early:
                self._take_early()
            return True
        return self._accept_out_of_order(reading)

    def fill(self, found: list[StoredReading], *, upto: int, believed: int | None = None) -> bool:
        """Accept the database's readings after `position`, complete up to `upto`; return whether to send something.

        `believed` comes with the last page: the value of `known` when the database was queried. Seqs up to it that the
        database does not have do not exist; later ones may have been announced since.
        """
        for reading in found:
            if reading.seq > self.position:
                self._take(reading)
        self.position = max(self.position, upto)
        self._take_early()
        if believed is not None and self.known <= believed:
            self.known = self.position
        return bool(self.ready)

    def skip(self, *, to: int) -> None:
        """Continue from a later seq without the changes in between."""
        self.position = to
        self.kept, self.kept_after = [], to
        self._take_early()

    def start(self, seq: int) -> None:
        """Start, or restart, at the database's seq."""
        self.position = self.known = self.kept_after = seq
        self.kept, self._early = [], {}

    def hold(self) -> None:
        """Keep what is accepted from now on, for a mailbox that starts reading the database."""
        if not self.joining:
            self.kept, self.kept_after = [], self.position
        self.joining += 1

    def release(self) -> None:
        self.joining -= 1
        if not self.joining:
            self.kept = []

    def _accept_out_of_order(self, reading: StoredReading) -> bool:
        if self.position == UNKNOWN:
            self.position = self.kept_after = reading.seq - 1
            self._take(reading)
            return True
        # Our own reading back from another process, or one already read from the database.
        if reading.seq <= self.position:
            return False
        self.known = max(self.known, reading.seq)
        if len(self._early) < EARLY:
            self._early[reading.seq] = reading
        return False

    def _take(self, reading: StoredReading) -> None:
        self.position = reading.seq
        self.ready.append(reading)
        if self.joining:
            self.kept.append(reading)
            if len(self.kept) > KEPT:
                self.kept_after = self.kept[KEPT // 2].seq
                del self.kept[: KEPT // 2 + 1]

    def _take_early(self) -> None:
        self._early = {seq: reading for seq, reading in self._early.items() if seq > self.position}
        while (reading := self._early.pop(self.position + 1, None)) is not None:
            self._take(reading)
