"""The messages from the child process to the server: pickled, with their length in front.

The child parses what strangers send, so its messages are unpickled with a few types of values and nothing else.
"""

import io
import pickle
from struct import Struct
from typing import IO, Any, Final

HEAD, ROWS, END, BAD, MEMORY = "head", "rows", "end", "bad", "memory"
MOST_BYTES: Final = 1 << 26  # of one message; the child sends a few megabytes at a time
_LENGTH: Final = Struct(">I")
_ALLOWED: Final = frozenset(
    {
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("decimal", "Decimal"),
        ("sensorfusion.domain.repeated", "Repeated"),
    }
)


class BadFrame(Exception):
    """The message is cut off, or is none of the child's."""


class _Values(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise BadFrame(f"{module}.{name} is no value")
        return super().find_class(module, name)


def send(pipe: IO[bytes], *message: Any) -> None:
    body = pickle.dumps(message, protocol=4)
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[Any, ...]:
    """Return the next message.

    :raises BadFrame: there is none.
    """
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise BadFrame("the child ended")
    (length,) = _LENGTH.unpack(head)
    if length > MOST_BYTES:
        raise BadFrame("the message is too large")
    body = pipe.read(length)
    if len(body) < length:
        raise BadFrame("the child ended")
    try:
        message: tuple[Any, ...] = _Values(io.BytesIO(body)).load()
    except (pickle.UnpicklingError, ValueError, TypeError, AttributeError, EOFError, IndexError, KeyError) as error:
        raise BadFrame(str(error)) from None
    return message
