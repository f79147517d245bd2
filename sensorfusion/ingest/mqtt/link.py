"""The connection to the broker, on a thread of its own: passes messages on, and acknowledges them when told to.

The session at the broker outlives the connection: unacknowledged messages are redelivered after a reconnect, and new
ones wait there. The broker reuses a message id once the message is acknowledged, so every connection has a generation
number, and acknowledgements of an earlier generation are not sent.
"""

import logging
import ssl
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from sensorfusion.ingest.mqtt.backlog import Backlog
from sensorfusion.ingest.mqtt.broker import Broker

# Messages that the broker sends ahead of our acknowledgements: four storing groups, so that the next messages are here
# while the last are written. The broker's own max_inflight_messages must allow it.
WINDOW = 1_000
# How long the broker keeps messages while no worker is connected.
SESSION_S = 7 * 24 * 3600
KEEP_ALIVE_S = 30
RECONNECT_AFTER_S = (1, 30)  # first and longest delay; paho doubles it in between
NO_RETAINED_AT_START = 2  # MQTT 5, 3.8.3.1: retain handling
TAKEN_OVER = 142  # MQTT 5, 3.14.2.1: another client connected with our client id

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A received message. `mid` is its message id, valid within its generation.

    `is_live`: it did not wait at the broker; `is_again`: the broker delivers it once more. The intake adds its arrival.
    """

    topic: str
    payload: bytes
    is_retained: bool
    qos: int
    mid: int
    generation: int
    is_live: bool = False
    is_again: bool = False
    at: datetime | None = None


class Link:
    """One MQTT client with a persistent session."""

    def __init__(
        self,
        broker: Broker,
        *,
        client_id: str,
        filters: Sequence[str],
        arrived: Callable[[Arrived], None],
        unwanted: Sequence[str] = (),
        ca_file: Path | None = None,
    ) -> None:
        """Call `arrived` on the link's thread for every message, in order of arrival.

        The `unwanted` filters are unsubscribed from, in case the session still has them; messages that already wait
        there are still delivered.
        """
        self._broker = broker
        self._unwanted = unwanted
        self._filters = filters
        self._arrived = arrived
        self._lock = threading.Lock()
        self._generation = 0
        self._backlog = Backlog()
        self.is_connected = False
        self.is_subscribed = False
        self._client = client_for(broker, client_id, ca_file, manual_ack=True)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def start(self) -> None:
        """Connect as soon as the broker is reachable, and reconnect whenever the connection is lost."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # untyped in paho
        properties.SessionExpiryInterval = SESSION_S
        properties.ReceiveMaximum = WINDOW
        self._client.connect_async(
            self._broker.host, self._broker.port, KEEP_ALIVE_S, clean_start=False, properties=properties
        )
        self._client.loop_start()

    def stop(self) -> None:
        """Send the pending acknowledgements and disconnect; the session stays."""
        self._client.disconnect()
        self._client.loop_stop()

    def forget(self) -> None:
        """Disconnect and let the broker delete the session with all waiting messages."""
        properties = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call]  # as above
        properties.SessionExpiryInterval = 0
        self._client.disconnect(properties=properties)
        self._client.loop_stop()

    def is_current(self, message: Arrived) -> bool:
        """Return whether the message came over the current connection; otherwise the broker redelivers it."""
        return message.generation == self._generation

    def acknowledge(self, message: Arrived) -> bool:
        """Acknowledge a message; return False if the connection changed and the broker no longer expects it."""
        with self._lock:
            if message.qos == 0 or message.generation != self._generation:
                return False
            self._client.ack(message.mid, message.qos)
            self._backlog.settled()
            return True

    def _next_generation(self, *, is_connected: bool) -> None:
        with self._lock:  # from here on, no message of the last connection is acknowledged on this one
            self._generation += 1
            self.is_connected = is_connected
            self.is_subscribed = False

    def _on_connect(self, client: Client, _: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._next_generation(is_connected=not reason.is_failure)
        if reason.is_failure:
            _log.error("The broker %s refused the connection: %s", self._broker, reason)
            return
        with self._lock:
            self._backlog.connected(is_session_kept=flags.session_present)
        _log.info("Connected to the broker %s%s", self._broker, ", session kept" if flags.session_present else "")
        if self._unwanted and flags.session_present:
            client.unsubscribe(list(self._unwanted))
        options = SubscribeOptions(qos=1, retainHandling=NO_RETAINED_AT_START)
        if self._filters:
            client.subscribe([(each, options) for each in self._filters])

    def _on_subscribe(self, client: Client, _: Any, mid: int, reasons: Sequence[Any], properties: Any) -> None:
        self.is_subscribed = True
        _log.info("Subscribed to readings")
        for wanted, reason in zip(self._filters, reasons, strict=False):
            if reason.is_failure:
                _log.error("The broker does not allow us to subscribe to %s: %s", wanted, reason)

    def _on_disconnect(self, client: Client, _: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._next_generation(is_connected=False)
        if reason.is_failure:
            _log.warning("Lost the connection to the broker %s: %s", self._broker, reason)
        if reason.value == TAKEN_OVER:
            _log.error("Another program uses our client id at the broker: give every process a number of its own")

    def _on_connect_fail(self, client: Client, _: Any) -> None:
        # paho calls this in its except block; the exception is not available in any other way.
        _log.warning("The broker %s cannot be reached, trying again: %s", self._broker, str(sys.exc_info()[1]))

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:  # brokers refuse such topics; one must not end this thread
            topic = ""
        with self._lock:
            is_live = self._backlog.arrived() if message.qos else self._backlog.is_empty
        self._arrived(
            Arrived(
                topic,
                bytes(message.payload),
                message.retain,
                message.qos,
                message.mid,
                self._generation,
                is_live and not message.dup,
                message.dup,
            )
        )


def client_for(broker: Broker, client_id: str, ca_file: Path | None, *, manual_ack: bool = False) -> Client:
    """Create a client with credentials, TLS and reconnect delays; it is not connected yet."""
    client = Client(
        CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=manual_ack
    )
    if broker.user:
        client.username_pw_set(broker.user, broker.password)
    if broker.is_encrypted:
        client.tls_set_context(ssl.create_default_context(cafile=str(ca_file) if ca_file else None))
    client.reconnect_delay_set(*RECONNECT_AFTER_S)
    return client
