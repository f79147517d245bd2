"""DATABASE_URL: every query parameter reaches every connection or is refused in one line."""

from pathlib import Path

import pytest
from psycopg.pq import Conninfo

from sensorfusion.config import database_url, redis_url
from sensorfusion.config.database_parameters import PARAMETERS, server_settings
from sensorfusion.config.env import BadEnvironment, read

# Values of every parameter that is allowed; `…` stands for a file, and its `…/` for a directory.
VALUES = {
    "host": ("db.example.org", "/var/run/postgresql", "a,b"),
    "hostaddr": ("192.0.2.7", "2001:db8::1", "192.0.2.7,192.0.2.8"),
    "port": ("5433",),
    "dbname": ("weather",),
    "user": ("alice",),
    "password": ("p%40ss", "a+b"),
    "passfile": ("…",),
    "application_name": ("x",),
    "client_encoding": ("UTF8", "utf-8"),
    "connect_timeout": ("3",),
    "options": ("-csearch_path%3Dpublic", "-c%20statement_timeout%3D5s%20--work-mem%3D8MB", "-c%20a.b%3Dx%5C%20y"),
    "target_session_attrs": ("any", "read-write", "primary"),
    "load_balance_hosts": ("random",),
    "ssl": ("true",),
    "sslmode": ("disable", "require", "verify-full"),
    "sslnegotiation": ("postgres", "direct&sslmode=require"),
    "sslrootcert": ("…&sslmode=verify-ca", "system&sslmode=verify-full"),
    "sslcert": ("…",),
    "sslkey": ("…&sslcert=…",),
    "sslpassword": ("secret",),
    "sslcertmode": ("require",),
    "sslcrl": ("…",),
    "sslcrldir": ("…/",),
    "sslsni": ("0",),
    "ssl_min_protocol_version": ("TLSv1.3",),
    "ssl_max_protocol_version": ("TLSv1.3",),
    "channel_binding": ("require",),
    "require_auth": ("scram-sha-256", "!password,!md5"),
    "requirepeer": ("postgres",),
    "gssencmode": ("disable",),
    "keepalives": ("0",),
    "keepalives_idle": ("30",),
    "keepalives_interval": ("10",),
    "keepalives_count": ("3",),
    "tcp_user_timeout": ("10000",),
}
# A parameter, and what the message must say.
REFUSED = {
    "host=": "write host=…",
    "host=a%20b": "invalid host",
    "host=run/postgresql": "invalid host",
    "host=a,,b": "empty name",
    "host=a,b&port=1,2,3": "3 ports for 2 hosts",
    "hostaddr=db.example.org": "IP addresses",
    "host=a&hostaddr=192.0.2.7,192.0.2.8": "one address for each host",
    "port=0": "from 1 to 65535",
    "port=http": "from 1 to 65535",
    f"dbname={'x' * 64}": "at most 63 bytes",
    "passfile=/nowhere": "a file that can be read",
    "connect_timeout=0": "from 1 to",
    "connect_timeout=3s": "a whole number",
    "client_encoding=latin1": "UTF8",
    "options=search_path": "-cname%3Dvalue",
    "options=-B%205": "-cname%3Dvalue",
    "options=-csearch_path%3Dprivate": "the schema public",
    "options=-ctimezone%3DAsia/Tokyo": "always UTC",
    "options=--TimeZone%3DAsia/Tokyo": "always UTC",
    "options=-csynchronous_commit%3Doff": "once they are on disk",
    "options=-cdefault-transaction-read-only%3Don": "could not be stored",
    "target_session_attrs=standby": "any or read-write or primary",
    "target_session_attrs=prefer-standby": "any or read-write or primary",
    "ssl=1": "true",
    "sslmode=on": "disable or allow",
    "sslmode=require&sslmode=disable": "twice",
    "sslrootcert=system": "sslmode=prefer ignores",
    "sslrootcert=/nowhere&sslmode=verify-full": "system, or the path of a file",
    "sslrootcert=system&sslmode=require": "write sslmode=verify-full, too",
    "sslkey=…": "without sslcert",
    "sslcrldir=/nowhere": "a directory",
    "sslnegotiation=direct": "sslmode=require or stricter",
    "require_auth=kerberos": "scram-sha-256",
    "keepalives=yes": "0 or 1",
    "keepalives_idle=-1": "a whole number",
    "gssencmode=require": "disable or prefer",
    "SSLMode=require": "write sslmode",
    "sslmod=require": "write sslmode",
    "applicationname=x": "write application_name",
    "foo=bar": "allowed are application_name, channel_binding",
    "host": "without a value",
    "": "without a value",
}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.touch(mode=0o600)
    return path


def url(query: str, certificate: Path, host: str = "") -> str:
    directory = f"{certificate.parent}/"
    return f"postgresql://u:s3cret@{host}/d?" + query.replace("…/", directory).replace("…", str(certificate))


def refusal(address: str) -> str:
    with pytest.raises(BadEnvironment) as refused:
        read({"DATABASE_URL": address})
    message = str(refused.value)
    assert message.startswith("DATABASE_URL ")
    assert len(message.splitlines()) == 1
    assert "s3cret" not in message
    return message


def test_every_parameter_of_libpq_is_allowed_or_refused_with_a_remedy() -> None:
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}

    assert known <= PARAMETERS.allowed.keys() | PARAMETERS.refused.keys()
    assert PARAMETERS.allowed.keys() - known == {"ssl"}  # only in URLs, where libpq translates it
    assert VALUES.keys() == PARAMETERS.allowed.keys()


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, each in VALUES.items() for value in each])
def test_allowed_parameter_reaches_every_connection(name: str, value: str, certificate: Path) -> None:
    given = read({"DATABASE_URL": url(f"{name}={value}", certificate)}).database_url

    ours = database_url.connection_parameters(given)
    django = database_url.django_settings(given, connections=18)

    assert ("sslmode" if name == "ssl" else name) in ours
    places = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    for parameter, used in ours.items():
        assert (django[places[parameter]] if parameter in places else django["OPTIONS"][parameter]) == used
    assert set(django["OPTIONS"]) - {"pool", "prepare_threshold"} <= set(ours)


@pytest.mark.parametrize(("query", "remedy"), REFUSED.items())
def test_parameter_without_effect_is_refused_with_a_remedy(query: str, remedy: str, certificate: Path) -> None:
    assert remedy in refusal(url(f"{query}&application_name=x", certificate))


@pytest.mark.parametrize("name", PARAMETERS.refused)
def test_parameter_that_is_not_supported_is_refused_with_what_to_write(name: str, certificate: Path) -> None:
    message = refusal(url(f"{name}=true", certificate))

    assert f"has the parameter {name}, which is not supported: " in message
    assert message.endswith(".")


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("postgresql://a,b:5432,5432/d", "a:5432,b:5432"),
        ("postgresql://a:5432,,b/d", "empty name"),
        ("postgresql://u:s3cret/x@host/d", "In a password, write : and /"),
        ("postgresql://u:s3cret%zz@host/d", "cannot be read"),
        ("postgresql://[::1/d", "cannot be read"),
        ("postgresql:host", "must begin with"),
        ("host=localhost dbname=d", "must begin with"),
        (f"postgresql://host/{'d' * 64}", "at most 63 bytes"),
        ("postgresql://host:99999/d", "from 1 to 65535"),
    ],
)
def test_address_that_leads_nowhere_is_refused(address: str, remedy: str) -> None:
    assert remedy in refusal(address)


@pytest.mark.parametrize(
    ("address", "used"),
    [
        ("postgresql://user@/d?host=/var/run/postgresql&port=5433", ("/var/run/postgresql", "5433")),
        ("postgresql://%2Fvar%2Frun%2Fpostgresql/d", ("/var/run/postgresql", "")),
        ("postgresql://a:5432,b:5433/d", ("a,b", "5432,5433")),
        ("postgresql://[::1]:5433/d", ("::1", "5433")),
        ("postgres://host/d", ("host", "")),
        ("postgresql:///d", ("", "")),
    ],
)
def test_hosts_and_ports_are_written_as_for_libpq(address: str, used: tuple[str, str]) -> None:
    given = database_url.django_settings(read({"DATABASE_URL": address}).database_url, connections=18)

    assert (given["HOST"], given["PORT"]) == used


def test_of_several_servers_one_that_can_write_is_used() -> None:
    several = database_url.connection_parameters("postgresql://a,b/d")
    chosen = database_url.connection_parameters("postgresql://a,b/d?target_session_attrs=any")

    assert several["target_session_attrs"] == "read-write"
    assert chosen["target_session_attrs"] == "any"
    assert "target_session_attrs" not in database_url.connection_parameters("postgresql://a/d")


def test_password_file_that_others_can_read_is_refused_because_libpq_ignores_it(certificate: Path) -> None:
    certificate.chmod(0o644)

    assert "chmod 600" in refusal(url("passfile=…", certificate))


def test_settings_of_the_server_are_read_as_postgresql_reads_them() -> None:
    assert server_settings(r"-c a=b --search-path=x -cc.d=e\ f") == {"a": "b", "search_path": "x", "c.d": "e f"}


def test_every_parameter_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()

    allowed = PARAMETERS.allowed.keys() | {name for each in redis_url.PARAMETERS.values() for name in each.allowed}
    assert [name for name in allowed if f"`{name}`" not in text] == []


@pytest.mark.parametrize(("connections", "shares"), [(9, (2, 2)), (10, (3, 2)), (18, (9, 4)), (40, (31, 4))])
def test_connections_are_divided_between_pages_and_the_event_loop(connections: int, shares: tuple[int, int]) -> None:
    assert database_url.shares(connections) == shares
    assert sum(shares) < connections
    assert sum(database_url.shares(connections, sends_mail=True)) == sum(shares) - 1
