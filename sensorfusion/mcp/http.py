"""Streamable HTTP on 127.0.0.1, for those who send the server's own token: other users of the machine may not ask."""

import secrets
import socket
import sys
from typing import Any, Final

import uvicorn
from mcp.server import MCPServer

HOST: Final = "127.0.0.1"
PATH: Final = "/mcp"
_REFUSED: Final = b'{"detail":"Send the token of SENSORFUSION_TOKEN as Authorization: Bearer sft_..."}'


def serve(server: MCPServer, *, port: int, token: str) -> None:
    """Serve until the process is told to stop; 0 takes a free port, and the address is printed.

    :raises OSError: the port is taken.
    """
    app = OnlyWith(server.streamable_http_app(streamable_http_path=PATH, host=HOST, stateless_http=True), token)
    config = uvicorn.Config(app, log_level="warning", server_header=False)
    with socket.create_server((HOST, port)) as listening:
        print(f"Ready: http://{HOST}:{listening.getsockname()[1]}{PATH}", file=sys.stderr, flush=True)
        uvicorn.Server(config).run(sockets=[listening])


class OnlyWith:
    """Refuses requests without the token."""

    def __init__(self, app: Any, token: str) -> None:
        self._app, self._expected = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        given = dict(scope.get("headers", ())).get(b"authorization", b"")
        if scope["type"] == "http" and not secrets.compare_digest(given, self._expected):
            headers = [(b"content-type", b"application/json"), (b"www-authenticate", b"Bearer")]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": _REFUSED})
        else:
            await self._app(scope, receive, send)
