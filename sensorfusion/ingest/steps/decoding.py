"""JSON as devices send it, read so that nothing they send raises anything but `NotJson`."""

from typing import Any

import msgspec

_decode: Any = msgspec.json.Decoder().decode


class NotJson(Exception):
    """The text cannot be read; `str()` of it says where and why."""


def decode_json(text: bytes) -> Any:
    """Decode one JSON value.

    :raises NotJson: also for one nested so deeply that no reading looks like it.
    """
    try:
        return _decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotJson(str(error)) from None
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
