"""The plain site as a program: served by uvicorn with the platform's settings."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec
from psycopg.conninfo import conninfo_to_dict

from benchmarks.chart import QUANTITIES, value_at
from benchmarks.peers.program import Program, Question
from benchmarks.stand import ROOT, SENSORS, Server, Stand

APPLICATION, SETTINGS = "benchmarks.peers.recipe.asgi:application", "benchmarks.peers.recipe.settings"
_COPY = f"COPY recipe_reading (sensor, observed_at, {', '.join(QUANTITIES)}) FROM STDIN"


class Recipe(Program):
    name = "plain Django"
    promise = "synced"
    door = "recipe"
    path = "/readings/"
    processes = ("program", "postgres")

    def __init__(self, stand: Stand) -> None:
        super().__init__(stand)
        self.database = stand.database()
        parts = conninfo_to_dict(self.database.url)
        names = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        ours = {f"RECIPE_{name}": str(parts.get(part) or "") for name, part in names.items()}
        self._environment = stand.environment() | ours | {"DJANGO_SETTINGS_MODULE": SETTINGS}
        migrate = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"]
        subprocess.run(migrate, env=self._environment, cwd=ROOT, check=True)

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        served = self.stand.served(
            "program",
            ["--application", APPLICATION, "--http", "httptools", "--ws", "websockets-sansio", "--lifespan", "off"],
            self._environment,
        )
        with served as server:
            yield server

    def keys(self) -> Sequence[str]:
        return [f"s{number}" for number in range(SENSORS)]

    def stored(self, server: Server) -> int:
        return self.database.number("SELECT count(*) FROM recipe_reading")

    def load_year(self, server: Server, end: datetime, minutes: int) -> None:
        start = end - timedelta(minutes=minutes)
        with self.database.connect() as link:
            with link.cursor() as cursor, cursor.copy(_COPY.encode()) as copy:
                for minute in range(minutes):
                    values = [value_at(minute, place) for place in range(len(QUANTITIES))]
                    copy.write_row([self.keys()[0], start + timedelta(minutes=minute), *values])
            link.execute("VACUUM (ANALYZE) recipe_reading")

    def asked(self, question: Question) -> tuple[str, dict[str, str]]:
        of = f"/sensors/{self.keys()[0]}"
        if not question.span:
            return f"{of}/latest/", {}
        query = {
            "from": (question.end - question.span).isoformat(),
            "to": question.end.isoformat(),
            "quantities": ",".join(question.quantities),
            "step": int(question.step.total_seconds()),
        }
        return f"{of}/series/?{urlencode(query)}", {}

    def points(self, answer: bytes) -> int:
        return len(msgspec.json.decode(answer).get("t", [0]))
