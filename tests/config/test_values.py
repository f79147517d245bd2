"""Every setting refuses what could have no effect, in one line; the examples of valid values are used as they are."""

from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from sensorfusion.config.env import BadEnvironment, Environment, read

BROKER = "mqtt://broker"
SITE = "0f8fad5b-d9cb-469f-a165-70867728950e"
QUOTAS = (
    "SITE_READINGS_PER_DAY",
    "SITE_STORED_MB",
    "SITE_SENSORS",
    "OPERATOR_SITES",
    "OPERATOR_TOKENS",
    "OPERATOR_REQUESTS_PER_MINUTE",
    "OPERATOR_POLLS",
    "OPERATOR_UPLOADS",
    "OPERATOR_UPLOAD_MB",
    "OPERATOR_IMPORTED_PER_DAY",
    "OPERATOR_IMPORTS",
    "OPERATOR_EXPORTS",
)


@dataclass(frozen=True)
class Examples:
    """Values of one setting that must be accepted, and values that could have no effect."""

    valid: tuple[str, ...]
    refused: tuple[str, ...]
    with_: tuple[tuple[str, str], ...] = ()  # the settings that this one needs


EXAMPLES = {
    "SENSORFUSION_DATA": Examples(("/var/lib/sensorfusion", "~/data"), ("/dev/null",)),
    "DATABASE_URL": Examples(("postgresql://u:p@host:5432/db",), ("mysql://host/db", "postgresql://host:http/db")),
    "DATABASE_CONNECTIONS": Examples(("9", "30"), ("8", "0", "many", "100000")),
    "EXPORTS_MB": Examples(("1", "500"), ("0", "-1", "much", "1.5")),
    "REDIS_URL": Examples(("redis://host:6379/0",), ("redis://host/zero", "redis:host", "http://host")),
    "SECRET_KEY": Examples(("k" * 50,), ("two\nlines", "bell\a")),
    "ALLOWED_HOSTS": Examples(("a.example.org,.example.org,*",), ("https://a.example.org", ",")),
    "PUBLIC_URL": Examples(
        ("https://sensors.example.org", "http://192.168.1.10:8000", "https://[fd00::1]:8443", "https://host/sf/"),
        (
            "https://",
            "https://a_b",
            "https://host:x",
            "https://u:p@host",
            "https://host?x=1",
            "https://bücher.de",
            "https://host/api",
        ),
    ),
    "HTTPS_ONLY": Examples(("1",), ("tls",), (("PUBLIC_URL", "https://sensors.example.org"),)),
    "CORS_ALLOWED_ORIGINS": Examples(
        ("https://dash.example.org, http://10.0.0.7:3000", "*", "null,file://"),
        ("dash.example.org", "https://h/", "http://*"),
    ),
    "DEBUG": Examples(("1", "yes"), ("maybe", "2")),
    "MAX_BODY_BYTES": Examples(("1000000",), ("0", "-1", "1.5", "10", str(1 << 40), "8M")),
    "MAX_UPLOAD_BYTES": Examples(("1000000",), ("0", "10", str(1 << 50))),
    "QUEUE_READINGS": Examples(("1000",), ("0", "10", str(10**12))),
    "SENSOR_QUANTITIES": Examples(("50",), ("0", "5", str(10**6))),
    "IMPORT_MEMORY_MB": Examples(("1024",), ("0", "1", "512M")),
    **dict.fromkeys(QUOTAS, Examples(("0", "7"), ("-1", "1.5", "many", str(1 << 60)))),
    "FORWARDED_ALLOW_IPS": Examples(
        ("10.0.0.0/8, 192.0.2.7, ::1", "*"), ("nginx", "10.0.0.1/8", "*, 10.0.0.1", "10.0.0.256", "10.0.0.1:80")
    ),
    "LOG_FORMAT": Examples(("json",), ("JSON", "yaml")),
    "METRICS_TOKEN": Examples(("s3cret-token",), ("Bearer s3cret", "two words", "geheimnißvoll")),
    "SENSORFUSION_FRONT_PAGE": Examples(("public",), ("1", "Public", "private")),
    "SIGNUP": Examples(("0", "off", "invitation"), ("closed", "Invitation", "2")),
    "EMAIL_URL": Examples(
        ("smtp://u:p@mail.example.org:587", "smtps://u%40x:p@host", "smtp://relay?tls=off", "smtp://localhost"),
        ("mail.example.org", "smtp://", "https://api.example.org", "smtp://u:p@host/inbox", "smtp://h?timeout=1"),
        (("PUBLIC_URL", "https://sensors.example.org"),),
    ),
    "EMAIL_FROM": Examples(
        ("sensors@example.org", "Weather <sensors@example.org>"),
        ("Weather", "two\nlines@example.org", "a@b.org, c@d.org"),
        (("EMAIL_URL", "console:"),),
    ),
    "MQTT_URL": Examples((BROKER, "mqtts://u:p@host:8883"), ("host:1883", "tcp://host", "mqtt://", "mqtt://h?qos=1")),
    "MQTT_SITE": Examples((SITE,), ("Orchard", "7", SITE[:-1]), (("MQTT_URL", BROKER),)),
    "MQTT_SHARED": Examples(("1",), ("shared",), (("MQTT_URL", BROKER),)),
    "MQTT_CA_FILE": Examples((__file__,), ("/nowhere/ca.crt", "/"), (("MQTT_URL", "mqtts://broker"),)),
    "MQTT_DISCOVERY": Examples(("1",), ("homeassistant",), (("MQTT_URL", BROKER),)),
    "POLL_ALLOW_NETWORKS": Examples(
        ("192.168.1.0/24, fd00::/64", "0.0.0.0/0", "10.1.2.3"), ("192.168.1.7/24", "home", "8.8.8.0/24", "10.0.0.*")
    ),
    "OPENWEATHERMAP_KEY": Examples(("0123456789abcdef0123456789abcdef",), ("your key", "Schlüssel")),
    "SENSORFUSION_URL": Examples(("https://sensors.example.org",), ("sensors.example.org", "https://h/?key=1")),
    "SENSORFUSION_KEY": Examples(("sf_abcdefgh-secret",), ("sf_abc def", "Bearer sf_abcdefgh-secret")),
    "SENSORFUSION_TOKEN": Examples(("sft_abcdefgh-secret",), ("sft_abc def", "Bearer sft_abcdefgh-secret")),
}
NAMES = [each.metadata["variable"] for each in fields(Environment)]


def test_every_setting_has_examples() -> None:
    assert set(EXAMPLES) == set(NAMES)
    assert all(each.valid and each.refused for each in EXAMPLES.values())


@pytest.mark.parametrize("variable", NAMES)
def test_valid_value_is_accepted_and_used(variable: str) -> None:
    examples = EXAMPLES[variable]
    for value in examples.valid:
        used = read({variable: value, **dict(examples.with_)})
        assert used != read(dict(examples.with_))


@pytest.mark.parametrize(
    ("variable", "value"), [(name, value) for name, each in EXAMPLES.items() for value in each.refused]
)
def test_value_that_could_have_no_effect_is_refused_in_one_line(variable: str, value: str) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read({variable: value, **dict(EXAMPLES[variable].with_)})

    message = str(refused.value)
    assert message.startswith(f"{variable} ")
    assert message.endswith(".")
    assert len(message.splitlines()) == 1
    assert refused.value.status == 2


@pytest.mark.parametrize("variable", [name for name, each in EXAMPLES.items() if each.with_])
def test_setting_that_needs_another_one_is_refused_without_it(variable: str) -> None:
    with pytest.raises(BadEnvironment, match=f"{variable} is set without .*{EXAMPLES[variable].with_[0][0]}"):
        read({variable: EXAMPLES[variable].valid[0]})


def test_certificate_of_a_broker_without_tls_is_refused() -> None:
    with pytest.raises(BadEnvironment, match="write mqtts://"):
        read({"MQTT_URL": BROKER, "MQTT_CA_FILE": __file__})


def test_secret_is_not_repeated() -> None:
    for variable in ("SECRET_KEY", "METRICS_TOKEN", "OPENWEATHERMAP_KEY", "SENSORFUSION_KEY", "SENSORFUSION_TOKEN"):
        with pytest.raises(BadEnvironment) as refused:
            read({variable: "hunter2 and\nmore"})
        assert "hunter2" not in str(refused.value)


def test_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadEnvironment, match="which is not a file"):
        read({"MQTT_URL": "mqtts://broker", "MQTT_CA_FILE": str(tmp_path)})
