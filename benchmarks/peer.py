"""The peer: the least an ASGI application can do on the same server.

POST reads the body and answers the bytes of a receipt. POST /publish sends its body to every open WebSocket in a loop
of `send()`, as a straightforward live application does.
"""

from typing import Any

RECEIPT = b'{"accepted":1,"duplicates":0,"rejected":[],"seq":18231}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(RECEIPT)).encode())]

_sends: set[Any] = set()


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        body = await _body(receive)
        if scope["path"] == "/publish":
            await _publish(body.decode())
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": RECEIPT})
    elif scope["type"] == "websocket":
        await _hold(receive, send)
    else:
        await _live(receive, send)


async def _body(receive: Any) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


async def _publish(text: str) -> None:
    for send in tuple(_sends):
        await send({"type": "websocket.send", "text": text})


async def _hold(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    _sends.add(send)
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        _sends.discard(send)


async def _live(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
