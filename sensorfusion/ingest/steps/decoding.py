"""JSON decoding for input from devices: bad input of any kind raises `NotJson`, and nothing else."""

from typing import Any

import msgspec

_decode: Any = msgspec.json.Decoder().decode


class NotJson(Exception):
    """The text is not readable JSON; the message says where and why."""


def decode_json(text: bytes) -> Any:
    """Decode one JSON value.

    :raises NotJson: the text is not JSON, or is nested too deeply.
    """
    try:
        return _decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotJson(str(error)) from None
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
