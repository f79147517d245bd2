"""Writes docs/asyncapi.yaml, the description of the sockets (AsyncAPI 3.0): `python -m reference.asyncapi <file>`.

`make schema` calls it, and `make check` compares. Messages are the types of `live.protocol` and
`ingest.doors.socket_protocol`.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import django
import msgspec
import yaml

if TYPE_CHECKING:
    from reference.socket_channels import Channel

_YAML: Final[dict[str, Any]] = {"sort_keys": False, "allow_unicode": True, "width": 110}
_SECURITY: Final = {
    "token": {"type": "http", "scheme": "bearer", "description": "An operator's API token."},
    "session": {
        "type": "httpApiKey",
        "name": "sessionid",
        "in": "cookie",
        "description": "The session of a page of the platform; only with an Origin that is the platform's.",
    },
    "key": {"type": "http", "scheme": "bearer", "description": "A sensor's key, or an operator's API token."},
}


def document() -> dict[str, Any]:
    """Describe every channel."""
    from reference.socket_channels import CHANNELS  # needs Django's apps

    types = list({each: None for channel in CHANNELS.values() for each in (*channel.received, *channel.sent)})
    _, schemas = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "SensorFusion",
            "version": "1",
            "description": "The WebSockets of the platform; docs/openapi.yaml describes what it answers over HTTP.",
        },
        "defaultContentType": "application/json",
        "servers": {"platform": {"host": "sensors.example.org", "protocol": "wss"}},
        "channels": {name: _channel(each) for name, each in CHANNELS.items()},
        "operations": {
            key: operation for name, each in CHANNELS.items() for key, operation in _operations(name, each).items()
        },
        "components": {
            "securitySchemes": _SECURITY,
            "messages": {each.__name__: _message(each, schemas) for each in types},
            "schemas": schemas,
        },
    }


def _channel(channel: "Channel") -> dict[str, Any]:
    parameters = {name: {"description": what} for name, what in channel.parameters.items()}
    return {
        "address": channel.address,
        **({"parameters": parameters} if parameters else {}),
        "title": channel.title,
        "description": channel.description,
        "messages": {
            each.__name__: {"$ref": f"#/components/messages/{each.__name__}"}
            for each in (*channel.received, *channel.sent)
        },
        "bindings": {"ws": {"method": "GET"}},
        # The handshake of a page of another site, and of one socket too many, is refused with HTTP 403.
        "x-refused-handshake": 403,
        "x-close-codes": {str(code.real): channel.closes[code] for code in sorted(channel.closes)},
    }


def _operations(name: str, channel: "Channel") -> dict[str, Any]:
    security = [{"$ref": f"#/components/securitySchemes/{each}"} for each in channel.security]
    directions = {"receive": channel.received, "send": channel.sent}
    return {
        f"{name}{action.title()}": {"action": action, **_carried(name, types), "security": security}
        for action, types in directions.items()
        if types
    }


def _carried(name: str, types: tuple[Any, ...]) -> dict[str, Any]:
    messages = [{"$ref": f"#/channels/{name}/messages/{each.__name__}"} for each in types]
    return {"channel": {"$ref": f"#/channels/{name}"}, "messages": messages}


def _message(kind: Any, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a message, named by the word in `type` or `action` that tells it from the others."""
    properties = schemas[kind.__name__]["properties"]
    tags = [each["enum"][0] for name in ("action", "type") if "enum" in (each := properties.get(name, {}))]
    return {"name": (tags or [kind.__name__])[0], "payload": {"$ref": f"#/components/schemas/{kind.__name__}"}}


def text() -> str:
    """Return the file's contents."""
    # Through JSON, so that nothing is shared: YAML would write it once, with an anchor.
    plain: str = yaml.safe_dump(msgspec.json.decode(msgspec.json.encode(document())), **_YAML)
    return plain


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
    django.setup()
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
