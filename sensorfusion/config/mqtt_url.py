"""MQTT_URL: a broker's address and an account, and nothing else; all further settings have variables of their own."""

from urllib.parse import urlsplit

from sensorfusion.config import hosts
from sensorfusion.config.parameters import Parameters

SCHEMES = ("mqtt", "mqtts")
_OTHER_SCHEMES = {
    **dict.fromkeys(("tcp", "mqtt+tcp"), "mqtt://"),
    **dict.fromkeys(("ssl", "tls", "mqtt+ssl", "secure-mqtt"), "mqtts://"),
    **dict.fromkeys(
        ("ws", "wss", "mqtt+ws"), "mqtt:// or mqtts:// and that port of the broker: there are no WebSockets"
    ),
}
_FORM = "write mqtt://user:password@host:1883, and : / @ in a password as %3A %2F %40."
_FILE = "write MQTT_CA_FILE with the certificate of the authority that signed the broker's."
_CLIENT = "write `sensorfusion mqtt --worker 2`: the client id is made from the installation and the worker's number."
_SESSION = "leave it out: the session is kept, and readings are delivered with QoS 1."
_ACCOUNT = "write the account before the host: mqtt://user:password@host."
_OURS = "leave it out: the version is MQTT 5, and the connection is kept alive."

PARAMETERS = Parameters(
    allowed={},
    refused={
        **dict.fromkeys(("client_id", "clientid", "clientId", "client"), _CLIENT),
        **dict.fromkeys(("clean_session", "clean_start", "clean", "qos", "session_expiry"), _SESSION),
        **dict.fromkeys(("user", "username", "password"), _ACCOUNT),
        **dict.fromkeys(("keepalive", "keep_alive", "protocol", "version", "timeout", "connect_timeout"), _OURS),
        **dict.fromkeys(("ca", "cafile", "ca_file", "ca_certs", "cacert", "tls_ca"), _FILE),
        **dict.fromkeys(("tls", "ssl"), "write mqtts:// in place of mqtt://."),
        **dict.fromkeys(("topic", "topics", "prefix"), "leave it out; docs/doors/mqtt.md lists what is subscribed to."),
        "site": "write MQTT_SITE.",
        "shared": "write MQTT_SHARED=1.",
        "discovery": "write MQTT_DISCOVERY=1.",
    },
)


def checked(url: str) -> str:
    """Return the URL if every part of it has an effect.

    :raises ValueError: saying what to write instead, without repeating a password.
    """
    parts = urlsplit(url)
    if instead := _OTHER_SCHEMES.get(parts.scheme):
        raise ValueError(f"begins with {parts.scheme}://: write {instead}.")
    if parts.scheme not in SCHEMES:
        raise ValueError("must begin with mqtt:// or mqtts://.")
    if parts.fragment or url.endswith("#"):
        raise ValueError("has a #, which ends the address: write # as %23.")
    PARAMETERS.read(parts.query)
    if parts.path.strip("/"):
        raise ValueError(f"has a path, which a broker does not: {_FORM}")
    if not hosts.is_one(parts):
        raise ValueError(f"cannot be used: {_FORM}")
    if parts.password and not parts.username:
        raise ValueError("has a password without a user: write mqtt://user:password@host.")
    return url
