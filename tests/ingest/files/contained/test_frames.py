"""Messages of the child process carry values and nothing that could run."""

import io
import os
import pickle
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from struct import pack
from typing import Any

import pytest

from sensorfusion.ingest.files.contained.frames import MOST_BYTES, BadFrame, receive, send


def framed(body: bytes) -> io.BytesIO:
    return io.BytesIO(pack(">I", len(body)) + body)


def test_values_keep_their_types() -> None:
    values = [1, 1.5, "text", b"bytes", None, True, date(2026, 1, 1), time(6), timedelta(1), Decimal("1.5")]
    values.append(datetime(2026, 1, 1, tzinfo=UTC))
    pipe = io.BytesIO()
    send(pipe, "rows", values)

    assert receive(io.BytesIO(pipe.getvalue())) == ("rows", values)


def test_what_would_run_is_refused() -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, ("true",)

    with pytest.raises(BadFrame):
        receive(framed(pickle.dumps((Bomb(),))))


@pytest.mark.parametrize("body", [b"", b"\x80\x04", b"nothing", b"\x80\x04K\x01"])
def test_broken_messages_are_refused(body: bytes) -> None:
    with pytest.raises(BadFrame):
        receive(framed(body))


def test_end_of_the_child_and_endless_messages_are_refused() -> None:
    for pipe in (
        io.BytesIO(),
        io.BytesIO(b"\0\0"),
        io.BytesIO(pack(">I", 9) + b"cut"),
        io.BytesIO(pack(">I", MOST_BYTES + 1)),
    ):
        with pytest.raises(BadFrame):
            receive(pipe)
