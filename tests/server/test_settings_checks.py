"""Settings that are valid and lead nowhere: a site that does not exist, a Redis that refuses us."""

from pathlib import Path
from uuid import uuid4

import pytest

from sensorfusion.config import env
from sensorfusion.config.env import BadEnvironment
from sensorfusion.server import settings_checks
from tests.conftest import Cast

BROKER = "mqtt://broker.example.org"


def test_site_of_mqtt_devices_must_exist(cast: Cast) -> None:
    settings_checks.require_useful(env.read({"MQTT_URL": BROKER, "MQTT_SITE": str(cast.site.uuid)}))

    with pytest.raises(BadEnvironment, match="which is the id of no site") as refused:
        settings_checks.require_useful(env.read({"MQTT_URL": BROKER, "MQTT_SITE": str(uuid4())}))

    assert refused.value.status == 2


@pytest.mark.redis
@pytest.mark.parametrize(("account", "query"), [("alice:s3cret@", ""), (":s3cret@", ""), ("", "?db=9999")])
def test_redis_that_refuses_us_is_named(redis_url: str, account: str, query: str) -> None:
    url = redis_url.replace("unix://", f"unix://{account}") + query

    [found] = settings_checks.useless_redis(env.read({"REDIS_URL": url}))

    assert "Redis refuses the connection that REDIS_URL describes (" in str(found)
    assert "Correct its user, password or number of the database" in str(found)
    assert "s3cret" not in str(found)
    assert "\n" not in str(found)


@pytest.mark.redis
def test_redis_that_answers_or_may_be_started_later_is_no_fault(redis_url: str, tmp_path: Path) -> None:
    for url in (redis_url, f"unix://{tmp_path}/none", "redis://127.0.0.1:1/0"):
        assert list(settings_checks.useless_redis(env.read({"REDIS_URL": url}))) == []
    assert list(settings_checks.useless_redis(env.read({}))) == []


def test_misspelt_settings_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOST", "a")

    assert [str(each) for each in settings_checks.misspelt()] == [
        "ALLOWED_HOST is not a setting and has no effect. Write ALLOWED_HOSTS, if that is meant."
    ]
