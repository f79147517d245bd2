"""What the lines of the log are about: the request, the sensor, the batch that is being handled.

Code that works on one of them says so once, and every line that is logged meanwhile has it, also in threads and tasks
that inherit the context.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_about: ContextVar[Mapping[str, object]] = ContextVar("logged_about", default=_NOTHING)


@contextmanager
def logged_about(**given: object) -> Iterator[None]:
    """Add members to every line that is logged within; they reach inner ones, which may add to them."""
    before = _about.set({**_about.get(), **given})
    try:
        yield
    finally:
        _about.reset(before)


def log_context() -> Mapping[str, object]:
    """Return what is being handled: names as members of a JSON object."""
    return _about.get()
