"""What the log says of readings that the server could not store by a fault of its own."""

import logging

import pytest

from sensorfusion.config.log_redaction import RedactingFormatter
from sensorfusion.ingest.storing import connection
from tests.conftest import Cast
from tests.ingest.conftest import Server

pytestmark = pytest.mark.django_db(transaction=True)


async def test_the_log_names_the_sensor_and_the_batch(
    server: Server, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(RedactingFormatter("{message}", style="{").format(record))  # type: ignore[method-assign]
    log = logging.getLogger(connection.__name__)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(connection, "store", fail)
    log.addHandler(handler)
    try:
        answer = await server.post({"observed_at": 1700000000, "temperature": 20})
    finally:
        log.removeHandler(handler)

    assert (answer.status_code, answer.json()["code"]) == (503, "not_stored")
    first = lines[0].splitlines()[0]
    assert first.startswith(f"A request could not be stored [sensor={cast.sensor.uuid} batch=1@")
