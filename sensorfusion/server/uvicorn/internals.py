"""All undocumented names of uvicorn that this package uses.

`checks.py` looks them up at start; the tests compare the list with the modules' code. Each name is needed by one module
of this package (`http` includes `fast_request`). It belongs to a module (`STATUS_LINE`) or to a class, as a method or
as an attribute of its instances.
"""

from dataclasses import dataclass
from typing import Final, Literal

Module = Literal["http", "websocket", "run", "workers", "reload"]


@dataclass(frozen=True, slots=True)
class Name:
    """A name and its use; `takes` are the parameters of a function that is called or overridden, without `self`."""

    owner: str  # "module" or "module:Class"
    name: str
    use: str
    takes: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return f"{self.owner}{'.' if ':' in self.owner else ':'}{self.name}"


_HTTP: Final = "uvicorn.protocols.http.httptools_impl"
_PROTOCOL: Final = f"{_HTTP}:HttpToolsProtocol"
_CYCLE: Final = f"{_HTTP}:RequestResponseCycle"
_PARSER: Final = "httptools:HttpRequestParser"
_FLOW: Final = "uvicorn.protocols.http.flow_control:FlowControl"
_PROXIES: Final = "uvicorn.middleware.proxy_headers"
_WEBSOCKET_MODULE: Final = "uvicorn.protocols.websockets.websockets_sansio_impl"
_WEBSOCKET: Final = f"{_WEBSOCKET_MODULE}:WebSocketsSansIOProtocol"
_WORKERS: Final = "uvicorn.supervisors.multiprocess"
_RELOAD: Final = "uvicorn.supervisors.basereload"

HTTP: Final = (
    Name(_HTTP, "HttpToolsProtocol", "base class of the protocol"),
    Name(_PROTOCOL, "on_message_begin", "a request begins; the fast path needs no scope", ()),
    Name(_PROTOCOL, "scope", "made later, for other requests"),
    Name(_PROTOCOL, "on_headers_complete", "start of the fast path", ()),
    Name(_PROTOCOL, "on_body", "collects the body", ("body",)),
    Name(_PROTOCOL, "on_message_complete", "the request is complete", ()),
    Name(_PROTOCOL, "on_response_complete", "continues the connection: next request, keep-alive, shutdown", ()),
    Name(_PROTOCOL, "app_state", "state of the lifespan, with the doors"),
    Name(_PROTOCOL, "app", "the application, to see whether proxies are trusted"),
    Name(_PROTOCOL, "url", "address of the request"),
    Name(_PROTOCOL, "headers", "headers of the request, in lower case"),
    Name(_PROTOCOL, "client", "network address of the peer"),
    Name(_PROTOCOL, "parser", "method, version and connection handling of the request"),
    Name(_PROTOCOL, "cycle", "the request in progress"),
    Name(_PROTOCOL, "expect_100_continue", "such a request takes the ordinary path, and may end without its body"),
    Name(_PROTOCOL, "limit_concurrency", "with a limit, all requests take the ordinary path"),
    Name(_PROTOCOL, "root_path", "with a prefix, all requests take the ordinary path"),
    Name(_PROTOCOL, "flow", "flow control of writing"),
    Name(_PROTOCOL, "server_state", "headers of every response"),
    Name(_PROTOCOL, "transport", "the response is written to it"),
    Name(_PROTOCOL, "logger", "failures of a door"),
    Name(_PROTOCOL, "loop", "timer of a body that is dropped"),
    Name(_PROTOCOL, "connection_made", "the first request is awaited", ("transport",)),
    Name(_PROTOCOL, "connection_lost", "frees what a request holds", ("exc",)),
    Name(_PROTOCOL, "data_received", "bounds requests that arrive in pieces", ("data",)),
    Name(_PROTOCOL, "handle_websocket_upgrade", "switches to a WebSocket", ()),
    Name(_PROTOCOL, "_should_upgrade", "whether the request is to become a WebSocket", ()),
    Name(_PROTOCOL, "timeout_keep_alive", "how long a connection may be idle"),
    Name(_PROTOCOL, "timeout_keep_alive_handler", "ends an idle connection", ()),
    Name(_PROTOCOL, "connections", "all connections of the process"),
    Name(_PROTOCOL, "tasks", "requests in progress, for which a shutdown waits"),
    Name(_PROTOCOL, "pipeline", "requests behind an unanswered one"),
    Name(_HTTP, "RequestResponseCycle", "base class of a request on the fast path"),
    Name(_CYCLE, "message_event", "set by the protocol when the connection ends"),
    Name(_CYCLE, "response_complete", "read by the protocol: the next request may be answered"),
    Name(_CYCLE, "disconnected", "set by the protocol when the connection ends"),
    Name(_CYCLE, "more_body", "whether the end of the body has not been read"),
    Name(_CYCLE, "transport", "closed after the last response of a connection"),
    Name(_CYCLE, "keep_alive", "cleared by the protocol at shutdown"),
    Name(_HTTP, "STATUS_LINE", "first line of a response by its status"),
    Name(_PARSER, "feed_data", "parses what arrives", ("data",)),
    Name(_PARSER, "get_method", "method of the request", ()),
    Name(_PARSER, "get_http_version", "HTTP version of the request", ()),
    Name(_PARSER, "should_keep_alive", "whether the connection is kept after the request", ()),
    Name(_PARSER, "should_upgrade", "whether the client wants another protocol", ()),
    Name(_FLOW, "write_paused", "whether the write buffer is full"),
    Name(_FLOW, "resume_reading", "the next request may be read", ()),
    Name(_FLOW, "read_paused", "whether we wait, not the client"),
    Name(_FLOW, "drain", "waits until it is not", ()),
    Name("uvicorn.server:ServerState", "default_headers", "headers of every response, such as its date"),
    Name("uvicorn.server:ServerState", "total_requests", "counts responses, as uvicorn does"),
    Name(_PROXIES, "ProxyHeadersMiddleware", "wraps the application if proxies are trusted"),
    Name(f"{_PROXIES}:ProxyHeadersMiddleware", "trusted_hosts", "the trusted proxies"),
    Name(f"{_PROXIES}:_TrustedHosts", "__contains__", "whether the peer is a trusted proxy", ("host",)),
    Name(
        f"{_PROXIES}:_TrustedHosts",
        "get_trusted_client_address",
        "client address of a chain of proxies",
        ("x_forwarded_for",),
    ),
)
WEBSOCKET: Final = (
    Name(_WEBSOCKET_MODULE, "WebSocketsSansIOProtocol", "base class of the protocol"),
    Name(_WEBSOCKET, "connection_made", "the client is not known yet", ("transport",)),
    Name(_WEBSOCKET, "connection_lost", "frees what was received", ("exc",)),
    Name(_WEBSOCKET, "data_received", "bounds fragments", ("data",)),
    Name(_WEBSOCKET, "pause_writing", "no frame without a check from now on", ()),
    Name(_WEBSOCKET, "resume_writing", "frames without a check again", ()),
    Name(_WEBSOCKET, "shutdown", "the server closes the socket", ()),
    Name(_WEBSOCKET, "handle_close", "the client closes the socket", ("event",)),
    Name(_WEBSOCKET, "keepalive_timeout", "a client that does not answer is closed", ()),
    Name(_WEBSOCKET, "handle_ping", "bounds pings", ()),
    Name(_WEBSOCKET, "handle_pong", "bounds pongs", ("event",)),
    Name(_WEBSOCKET, "send_receive_event_to_app", "a message is complete", ()),
    Name(_WEBSOCKET, "handle_parser_exception", "closes a socket because of what the client sent", ()),
    Name(_WEBSOCKET, "conn", "limits and frames of the library"),
    Name(_WEBSOCKET, "config", "the largest message"),
    Name("uvicorn:Config", "ws_max_size", "the largest message"),
    Name(_WEBSOCKET, "frames", "fragments of a message"),
    Name(_WEBSOCKET, "curr_msg_data_type", "whether the message is text"),
    Name(_WEBSOCKET, "run_asgi", "the scope is complete: adds the extension", ()),
    Name(_WEBSOCKET, "send", "closes a socket whose client does not read", ("message",)),
    Name(_WEBSOCKET, "scope", "extensions that are offered to the application"),
    Name(_WEBSOCKET, "handshake_initiated", "whether what came was a handshake"),
    Name(_WEBSOCKET, "handshake_complete", "no frame before it"),
    Name(_WEBSOCKET, "close_sent", "no frame after it"),
    Name(_WEBSOCKET, "close_timeout", "timeout of the closing handshake"),
    Name(_WEBSOCKET, "response", "headers of the handshake, of no use once they are sent"),
    Name(_WEBSOCKET, "writable", "cleared while the transport's buffer is full"),
    Name(_WEBSOCKET, "transport", "frames are written to it"),
    Name(_WEBSOCKET, "loop", "timer of a socket whose client does not read"),
)
RUN: Final = (
    Name("uvicorn:Config", "load", "called in each server process before it serves", ()),
    Name("uvicorn:Server", "startup", "requests are answered after it", ("sockets",)),
    Name("uvicorn:Server", "shutdown", "requests are answered until it", ("sockets",)),
    Name("uvicorn:Server", "started", "whether startup succeeded"),
    Name("uvicorn:Server", "main_loop", "runs between startup and shutdown", ()),
    Name("uvicorn:Server", "on_tick", "sets the Date header; returns whether to exit", ("counter",)),
    Name("uvicorn:Server", "handle_exit", "stops it: also when the terminal was closed", ("sig", "frame")),
)
WORKERS: Final = (
    Name(_WORKERS, "Multiprocess", "base class of the supervisor of several processes"),
    Name(f"{_WORKERS}:Multiprocess", "__init__", "makes it", ("config", "sockets")),
    Name(f"{_WORKERS}:Multiprocess", "run", "serves until a signal says to stop", ()),
    Name(f"{_WORKERS}:Multiprocess", "keep_subprocess_alive", "twice a second: checks whether all are ready", ()),
    Name(f"{_WORKERS}:Multiprocess", "terminate_all", "requests are answered until it", ()),
    Name(f"{_WORKERS}:Multiprocess", "processes", "the processes that serve"),
    Name(f"{_WORKERS}:Multiprocess", "handle_hup", "a closed terminal stops us, instead of starting new workers", ()),
    Name(f"{_WORKERS}:Multiprocess", "handle_term", "what a closed terminal does instead", ()),
    Name(f"{_WORKERS}:Process", "process", "kills one that does not stop"),
    Name(f"{_WORKERS}:Process", "is_ready", "whether a process serves", ("timeout",)),
    Name(f"{_WORKERS}:Process", "exitcode", "why a process ended"),
    Name("uvicorn.config", "STARTUP_FAILURE", "exit status of a process whose application did not start"),
)
RELOAD: Final = (
    Name(_RELOAD, "BaseReload", "base class of the supervisor that restarts"),
    Name(f"{_RELOAD}:BaseReload", "__init__", "makes it", ("config", "target", "sockets")),
    Name(f"{_RELOAD}:BaseReload", "run", "serves until a signal says to stop", ()),
    Name(f"{_RELOAD}:BaseReload", "startup", "starts the process that serves", ()),
    Name(f"{_RELOAD}:BaseReload", "should_restart", "called in a loop; returns the changed files", ()),
    Name(f"{_RELOAD}:BaseReload", "pause", "waits between two checks of the files", ()),
    Name(f"{_RELOAD}:BaseReload", "should_exit", "set when a signal says to stop"),
    Name(f"{_RELOAD}:BaseReload", "reloader_name", "name in uvicorn's messages"),
)
NAMES: Final[dict[Module, tuple[Name, ...]]] = {
    "http": HTTP,
    "websocket": WEBSOCKET,
    "run": RUN,
    "workers": WORKERS,
    "reload": RELOAD,
}
