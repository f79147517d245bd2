"""A server that gives the answers it was told to give, one for each request, and remembers what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    body: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_broken_off: bool = False


@dataclass
class StandIn:
    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def stand_in(*answers: Answer) -> Iterator[StandIn]:
    """Serve on 127.0.0.1; a request after the last answer is answered 418."""
    self = StandIn(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self_) -> None:  # http.server's name; `self` is the stand-in
            self.asked.append((self_.path, dict(self_.headers)))
            answer = self.answers.pop(0) if self.answers else Answer('{"code": "over", "detail": "Over."}', 418)
            body = answer.body.encode()
            self_.send_response(answer.status)
            for name, value in answer.headers.items():
                self_.send_header(name, value)
            self_.send_header("Content-Length", str(len(body) + (100 if answer.is_broken_off else 0)))
            self_.end_headers()
            self_.wfile.write(body)
            self_.close_connection = answer.is_broken_off

        def log_message(self_, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            serving.join()
