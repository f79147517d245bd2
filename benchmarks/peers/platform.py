"""This platform, measured in the same way as the others."""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

import msgspec

from benchmarks import chart
from benchmarks.peers.program import Program, Question
from benchmarks.stand import Server, Stand


class SensorFusion(Program):
    name = "SensorFusion"
    promise = "synced"
    door, batch_door = "json", "lines"
    processes = ("program", "postgres")
    # By the width of a bucket in seconds.
    _RESOLUTIONS: ClassVar = {300: "5m", 86_400: "1d"}

    def __init__(self, stand: Stand) -> None:
        super().__init__(stand)
        self.database = stand.database()

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        with self.stand.platform(self.database, name="program") as server:
            yield server

    def keys(self) -> Sequence[str]:
        return [sensor.key for sensor in self.stand.cast.sensors]

    def stored(self, server: Server) -> int:
        return self.database.readings()

    def load_year(self, server: Server, end: datetime, minutes: int) -> None:
        chart.load(self.database, self.stand.cast.sensors[0], end, minutes)

    def asked(self, question: Question) -> tuple[str, dict[str, str]]:
        of = f"/api/v1/sensors/{self.stand.cast.sensors[0].uuid}"
        headers = {"Authorization": f"Bearer {self.stand.cast.token}"}
        if not question.span:
            return f"{of}/latest", headers
        begin, end = (at.isoformat().replace("+00:00", "Z") for at in (question.end - question.span, question.end))
        resolution = self._RESOLUTIONS[int(question.step.total_seconds())]
        query = {"from": begin, "to": end, "quantities": ",".join(question.quantities), "resolution": resolution}
        return f"{of}/series?{urlencode(query)}", headers

    def points(self, answer: bytes) -> int:
        found = msgspec.json.decode(answer)
        return len(found["t"]) if "t" in found else len(found["values"]) > 0
