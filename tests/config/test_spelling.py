"""Variables that were probably meant as settings."""

import pytest

from sensorfusion.config.env import misspelt


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ("DJANGO_ALLOWED_HOSTS", "ALLOWED_HOSTS"),
        ("SENSORFUSION_ALLOWED_HOSTS", "ALLOWED_HOSTS"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("REDIS_URI", "REDIS_URL"),
        ("MQTT_URI", "MQTT_URL"),
        ("DJANGO_SECRET_KEY", "SECRET_KEY"),
        ("SENSORFUSION_DEBUG", "DEBUG"),
        ("TRUSTED_PROXIES", "FORWARDED_ALLOW_IPS"),
        ("SENSORFUSION_KEYS", "SENSORFUSION_KEY"),
        ("PUBLIC_URLS", "PUBLIC_URL"),
        ("SECRET_KEY_FILE", "SECRET_KEY"),
        ("DATABASE_URL_FILE", "DATABASE_URL"),
    ],
)
def test_near_name_is_told_with_the_one_that_was_meant(name: str, meant: str) -> None:
    assert misspelt({name: "x"}) == {name: meant}


@pytest.mark.parametrize(
    "name",
    [
        "ALLOWED_HOSTS",
        "MQTT_CA_FILE",
        "HOME",
        "KEYS",
        "DATA",
        "URL",
        "PGHOST",
        "REDIS_PORT",
        "MQTT_PORT_1883_TCP",
        "SENSORFUSION_PORT",
        "SENSORFUSION_SERVICE_HOST",
        "POSTGRES_PASSWORD",
        "DJANGO_SETTINGS_MODULE",
    ],
)
def test_settings_and_variables_of_other_programs_are_left_alone(name: str) -> None:
    assert misspelt({name: "x"}) == {}


def test_empty_variable_is_left_alone() -> None:
    assert misspelt({"ALLOWED_HOST": " "}) == {}
