"""The query parameters of DATABASE_URL: those of libpq that Django, psycopg and pg_dump all honour.

Source: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS
"""

import re
from pathlib import Path

from sensorfusion.config.parameters import Check, Parameters, anything, directory, file, number, one_of

_LONGEST_NAME = 63  # NAMEDATALEN - 1; PostgreSQL cuts longer names off, and Django refuses them
_SECONDS = number(0, 86_400)
_TLS = one_of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_METHODS = frozenset({"password", "md5", "gss", "sspi", "scram-sha-256", "none"})

# What our queries rely on, and what would make the database useless for a platform that stores readings.
_FIXED_SETTINGS = {
    "client_encoding": "it is always UTF8",
    "datestyle": "our queries rely on PostgreSQL's default",
    "intervalstyle": "our queries rely on PostgreSQL's default",
    "default_transaction_isolation": "our transactions rely on PostgreSQL's default",
    "default_transaction_read_only": "readings could not be stored",
    "transaction_read_only": "readings could not be stored",
    "standard_conforming_strings": "our queries rely on PostgreSQL's default",
    "fsync": "readings are acknowledged once they are on disk",
    "synchronous_commit": "readings are acknowledged once they are on disk",
    "timezone": "it is always UTC",
    "role": "write the user before the host",
    "session_authorization": "write the user before the host",
}
_SCHEMAS = ("public", '"$user"')


def server_settings(options: str) -> dict[str, str]:
    """Return the settings in `options`, which are written as for the program postgres: -c name=value, --name=value.

    :raises ValueError: with the valid form.
    """
    words = [re.sub(r"\\(.)", r"\1", word) for word in re.findall(r"(?:\\.|\S)+", options)]
    found: dict[str, str] = {}
    given = iter(words)
    for word in given:
        setting = next(given, "") if word == "-c" else word.removeprefix("-c").removeprefix("--")
        name, equals, value = setting.partition("=")
        if setting == word or not equals or not re.fullmatch(r"[A-Za-z_][\w.$-]*", name):
            raise ValueError("settings of PostgreSQL in the form -cname%3Dvalue, separated by %20")
        found[name.lower().replace("-", "_")] = value
    return found


def _options(value: str) -> str:
    try:
        given = server_settings(value)
    except ValueError as error:
        return str(error)
    for name in given.keys() & _FIXED_SETTINGS.keys():
        return f"it without {name}, because {_FIXED_SETTINGS[name]}"
    schemas = [each.strip().lower() for each in given.get("search_path", "public").split(",")]
    if schemas[0] not in _SCHEMAS or "public" not in schemas:
        return "-csearch_path%3Dpublic, because the tables are in the schema public"
    return ""


def _name(value: str) -> str:
    return "" if len(value.encode()) <= _LONGEST_NAME else f"at most {_LONGEST_NAME} bytes"


def _encoding(value: str) -> str:
    return "" if value.lower().replace("-", "") in ("utf8", "unicode") else "UTF8, or leave it out"


def _authority(value: str) -> str:
    return "" if value == "system" else file(value) and f"system, or {file(value)}"


def _methods(value: str) -> str:
    named = {each.strip().removeprefix("!") for each in value.split(",")}
    return "" if named <= _METHODS else f"some of {', '.join(sorted(_METHODS))}, separated by commas"


def _private_file(value: str) -> str:
    """libpq ignores a password file that others can read."""
    if unreadable := file(value):
        return unreadable
    return "the path of a file that only its owner can read (chmod 600)" if Path(value).stat().st_mode & 0o077 else ""


_ALLOWED: dict[str, Check] = {
    **dict.fromkeys(("host", "hostaddr", "port", "user", "password", "sslpassword", "requirepeer"), anything),
    "dbname": _name,
    "passfile": _private_file,
    "application_name": _name,
    "client_encoding": _encoding,
    "connect_timeout": number(1, 3600),  # 0 waits for ever
    "options": _options,
    "target_session_attrs": one_of("any", "read-write", "primary"),  # the others lead to servers that store nothing
    "load_balance_hosts": one_of("disable", "random"),
    "ssl": one_of("true"),  # JDBC's word for sslmode=require, which libpq accepts in URLs
    "sslmode": one_of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "sslnegotiation": one_of("postgres", "direct"),
    "sslrootcert": _authority,
    "sslcert": file,
    "sslkey": file,
    "sslcertmode": one_of("disable", "allow", "require"),
    "sslcrl": file,
    "sslcrldir": directory,
    "sslsni": one_of("0", "1"),
    "ssl_min_protocol_version": _TLS,
    "ssl_max_protocol_version": _TLS,
    "channel_binding": one_of("disable", "prefer", "require"),
    "require_auth": _methods,
    "gssencmode": one_of("disable", "prefer"),
    "keepalives": one_of("0", "1"),
    "keepalives_idle": _SECONDS,
    "keepalives_interval": _SECONDS,
    "keepalives_count": number(0, 1000),
    "tcp_user_timeout": number(0, 86_400_000),
}
_KERBEROS = "authenticate with a password or a certificate."
_TOKENS = "authenticate with a password or a certificate."
_POOL = "leave it out; the number of connections is fixed (docs/deployment.md)."
_SERVICE = "write the values of the service into DATABASE_URL."
_REFUSED = {
    "service": _SERVICE,
    "servicefile": _SERVICE,
    "replication": "the platform needs an ordinary connection; leave it out.",
    "requiressl": "write sslmode=require.",
    "sslcompression": "no PostgreSQL compresses TLS any more; leave it out.",
    "sslkeylogfile": "it would store the keys of encrypted connections; leave it out.",
    "fallback_application_name": "write application_name.",
    "min_protocol_version": "leave it out.",
    "max_protocol_version": "leave it out.",
    **dict.fromkeys(("krbsrvname", "gsslib", "gssdelegation"), _KERBEROS),
    **dict.fromkeys(("scram_client_key", "scram_server_key"), _TOKENS),
    **dict.fromkeys(("oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope"), _TOKENS),
    # Names that other programs use.
    "schema": "write options=-csearch_path%3Dpublic.",
    "currentSchema": "write options=-csearch_path%3Dpublic.",
    "search_path": "write options=-csearch_path%3Dpublic.",
    "statement_timeout": "write options=-cstatement_timeout%3D60000.",
    "timezone": "sessions are in UTC; leave it out.",
    "pgbouncer": "PgBouncer must be in session mode (docs/deployment.md); leave it out.",
    **dict.fromkeys(("pool", "pool_size", "min_size", "max_size", "connection_limit", "conn_max_age"), _POOL),
}

PARAMETERS = Parameters(allowed=_ALLOWED, refused=_REFUSED)
