"""EMAIL_URL: the address of a mail server with an account, or `console:`."""

from urllib.parse import SplitResult, urlsplit

from sensorfusion.config import hosts
from sensorfusion.config.parameters import Parameters, one_of

CONSOLE = "console:"
SCHEMES = ("smtp", "smtps")
_OTHER_SCHEMES = {
    **dict.fromkeys(("smtp+tls", "smtp+starttls", "submission", "tls", "starttls"), "smtp://, which uses STARTTLS"),
    **dict.fromkeys(("smtp+ssl", "ssl", "submissions"), "smtps://"),
    **dict.fromkeys(("imap", "imaps", "pop3"), "the server for outgoing mail: smtp:// or smtps://"),
    **dict.fromkeys(("http", "https"), "the provider's SMTP server: smtp:// or smtps://"),
}
_FORM = "write smtp://user:password@host:587, and : / @ in user and password as %3A %2F %40."
_ACCOUNT = "write the account before the host: smtp://user:password@host."
_OURS = "leave it out: each connection has a time limit."
_TLS = "leave it out: smtp:// uses STARTTLS, and smtps:// is encrypted from the start."

PARAMETERS = Parameters(
    allowed={"tls": one_of("off")},
    refused={
        **dict.fromkeys(("user", "username", "password"), _ACCOUNT),
        **dict.fromkeys(("timeout", "connect_timeout"), _OURS),
        **dict.fromkeys(("ssl", "use_tls", "use_ssl", "starttls", "encryption"), _TLS),
        **dict.fromkeys(("from", "sender", "email_from"), "write EMAIL_FROM."),
    },
)


def checked(url: str) -> str:
    """Return the URL if every part of it has an effect.

    :raises ValueError: saying what to write instead, without repeating a password.
    """
    if url == CONSOLE:
        return url
    parts = urlsplit(url)
    if parts.scheme == "console":
        raise ValueError("has more than a scheme: write console: to print messages instead of sending them.")
    if instead := _OTHER_SCHEMES.get(parts.scheme):
        raise ValueError(f"begins with {parts.scheme}: write {instead}.")
    if parts.scheme not in SCHEMES:
        raise ValueError("must begin with smtp:// or smtps://, or be console: to print messages.")
    if parts.fragment or url.endswith("#"):
        raise ValueError("has a #, which ends the address: write # as %23.")
    if PARAMETERS.read(parts.query) and parts.scheme == "smtps":
        raise ValueError("has the parameter tls=off with smtps://: write smtp://, or leave the parameter out.")
    if parts.path.strip("/"):
        raise ValueError(f"has a path, which a mail server does not: {_FORM}")
    _check_place(parts)
    return url


def _check_place(parts: SplitResult) -> None:
    if not hosts.is_one(parts):
        raise ValueError(f"cannot be used: {_FORM}")
    if bool(parts.password) != bool(parts.username):
        raise ValueError(f"has one of user and password only: {_FORM}")
