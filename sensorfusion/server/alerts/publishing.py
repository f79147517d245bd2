"""Publishes messages about alerts to a person's MQTT broker: a connection for each, bounded in time, and without SSRF.

As with polls, the name is resolved here and the connection made to the address that was checked.
"""

import asyncio
import ssl
import threading
from concurrent.futures import Future
from typing import Any, Final
from urllib.parse import urlsplit

import certifi
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from sensorfusion.alerts.messages.channels.channel import Publish
from sensorfusion.ingest.mqtt.broker import SCHEMES
from sensorfusion.ingest.polling.fetching import Fetcher, NoAnswer

WITHIN_S: Final = 10.0
KEEP_ALIVE_S: Final = 30


async def publish(request: Publish, fetcher: Fetcher) -> None:
    """Publish, and wait until the broker has acknowledged everything.

    :raises NoAnswer: with the reason to show.
    """
    parts = urlsplit(request.url)
    host, port = parts.hostname or "", parts.port or SCHEMES[parts.scheme]
    address = await fetcher.address_of(host, port)
    done: Future[None] = Future()
    trust = _trust(host) if parts.scheme == "mqtts" else None
    client = _client(request, trust)
    client.connect_timeout = WITHIN_S
    # A daemon, as a broker that hangs must not hold up the end of the process.
    sending = _Sending(client, request, trust, done)
    threading.Thread(target=sending.run, args=(address, port), name="alert broker", daemon=True).start()
    try:
        async with asyncio.timeout(WITHIN_S):
            await asyncio.wrap_future(done)
    except TimeoutError:
        raise NoAnswer(f"no answer within {WITHIN_S:g} s") from None
    finally:
        client.disconnect()


class _Trust(ssl.SSLContext):
    """Checks the certificate against the name, though the connection is made to an address."""

    host = ""
    made: ssl.SSLSocket | None = None

    def wrap_socket(self, *given: Any, **options: Any) -> ssl.SSLSocket:
        self.made = super().wrap_socket(*given, **{**options, "server_hostname": self.host})
        return self.made

    def close(self) -> None:
        """Close the connection: the client leaves one open whose handshake failed."""
        if self.made is not None:
            self.made.close()


def _trust(host: str) -> _Trust:
    trust = _Trust(ssl.PROTOCOL_TLS_CLIENT)
    trust.load_verify_locations(certifi.where())
    trust.load_default_certs()
    trust.host = host
    return trust


def _client(request: Publish, trust: _Trust | None) -> Client:
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=False)
    if request.user:
        client.username_pw_set(request.user, request.password)
    if trust is not None:
        client.tls_set_context(trust)
    return client


class _Sending:
    """One connection, on a thread of its own, until everything is acknowledged or something is wrong."""

    def __init__(self, client: Client, request: Publish, trust: _Trust | None, done: "Future[None]") -> None:
        self._client, self._request, self._trust, self._done = client, request, trust, done
        self._waiting: set[int] = set()
        client.on_connect, client.on_publish = self._on_connect, self._on_publish

    def run(self, address: str, port: int) -> None:
        try:
            self._client.connect(address, port, KEEP_ALIVE_S)
            self._client.loop_forever()
            self._end("the broker closed the connection")
        except ssl.SSLCertVerificationError as error:
            self._end(f"its certificate cannot be trusted: {error.verify_message}")
        except ssl.SSLError:
            self._end("no encrypted connection can be made: does it want mqtt://?")
        except ConnectionRefusedError:
            self._end("connection refused")
        except OSError:
            self._end("it cannot be reached")
        finally:
            if self._trust is not None:
                self._trust.close()

    def _on_connect(self, client: Client, _: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            return self._end(f"the broker refused the connection: {str(reason).lower()}")
        for each in self._request.topics:
            self._waiting.add(client.publish(each.name, each.payload, qos=1, retain=each.is_retained).mid)
        return None if self._waiting else self._end()

    def _on_publish(self, client: Client, _: Any, mid: int, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            return self._end(f"the broker refused the message: {str(reason).lower()}")
        self._waiting.discard(mid)
        return None if self._waiting else self._end()

    def _end(self, why: str = "") -> None:
        if not self._done.done():
            self._done.set_exception(NoAnswer(why)) if why else self._done.set_result(None)
        self._client.disconnect()
