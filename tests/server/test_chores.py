"""Every chore's statements have a time limit, and one that takes too long keeps no other from its work."""

from typing import Any

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.storage import chores as module
from sensorfusion.readings.storage.chores import Runner, limit_statements
from sensorfusion.server.chores import chores
from tests.conftest import Cast
from tests.ingest.conftest import change
from tests.patience import PATIENCE_S
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)


class Watching(psycopg.Cursor[Any]):
    """Notes each statement that may take for ever."""

    endless: list[str] = []

    def execute(self, query: Any, *given: Any, **options: Any) -> Any:
        super().execute("SHOW statement_timeout")
        if super().fetchone() == ("0",):
            self.endless.append(str(query)[:200])
        return super().execute(query, *given, **options)


@pytest.fixture
def watched() -> psycopg.Connection[Any]:
    link = psycopg.connect(conninfo(), autocommit=True)
    limit_statements(link)
    link.cursor_factory = Watching
    Watching.endless = []
    return link


@pytest.mark.parametrize("name", [chore.name for chore in chores()])
def test_no_statement_of_a_chore_is_without_a_limit(
    name: str, cast: Cast, watched: psycopg.Connection[Any], now: Any
) -> None:
    store(cast.sensor, [(now, {"temperature": 1.0})])
    change(f"INSERT INTO dirty_hour (sensor_id, hour) VALUES ({cast.sensor.pk}, date_trunc('hour', now()))")
    [chore] = [each for each in chores() if each.name == name]
    with watched as link:
        for _ in range(3):
            chore.run(link)

    assert Watching.endless == []


def test_a_statement_without_end_is_cancelled_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STATEMENT_WITHIN_S", 0.2)
    done = []

    class Endless:
        name, every_s = "endless", 600.0

        def run(self, connection: psycopg.Connection) -> bool:
            connection.execute(f"SELECT pg_sleep({2 * PATIENCE_S})")
            return False

    class Other:
        name, every_s = "other", 600.0

        def run(self, connection: psycopg.Connection) -> bool:
            done.append(connection)
            runner._stopped.set()
            return False

    runner = Runner([Endless(), Other()])
    runner.run()

    assert len(done) == 1
