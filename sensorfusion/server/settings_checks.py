"""Checks of valid settings against what they lead to; `up` ends with the first that fails, `doctor` reports all.

A service that does not answer is not checked: it may be started later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sensorfusion.config import env
from sensorfusion.config.env import BadEnvironment, Environment
from sensorfusion.sensors.models import Site

if TYPE_CHECKING:
    import redis

REDIS_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Useless:
    """A setting with a valid value that has no effect; the message says why and what to write."""

    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message}. {self.remedy}"


def require_useful(environment: Environment) -> None:
    """Check the settings; the database must be up to date.

    :raises BadEnvironment: if one has no effect.
    """
    for found in (*useless_site(environment), *useless_redis(environment)):
        raise BadEnvironment(str(found))


def useless_site(environment: Environment) -> Iterator[Useless]:
    """Yield a problem if MQTT_SITE names no site."""
    if environment.mqtt_site and not Site.objects.filter(uuid=environment.mqtt_site).exists():
        yield Useless(
            f"MQTT_SITE is {environment.mqtt_site}, which is the id of no site",
            "Copy it from the URL of the site's page, or unset MQTT_SITE.",
        )


def useless_redis(environment: Environment) -> Iterator[Useless]:
    """Yield a problem if Redis answers and refuses the account or the database in REDIS_URL."""
    if not environment.redis_url:
        return
    import redis  # here, because a server without Redis has no use for its 4 MB

    try:
        with connect_redis(environment.redis_url) as link:
            link.ping()
    except (redis.AuthenticationError, redis.ResponseError) as error:
        yield Useless(
            f"Redis refuses the connection that REDIS_URL describes ({error})".replace("\n", " "),
            "Correct its user, password or number of the database: redis://user:password@host:6379/0.",
        )
    except redis.RedisError:
        return


def misspelt() -> list[Useless]:
    """Return a problem for each variable that was probably meant as a setting; it does not end the start."""
    return [
        Useless(f"{name} is not a setting and has no effect", f"Write {meant}, if that is meant.")
        for name, meant in env.misspelt().items()
    ]


def connect_redis(url: str) -> "redis.Redis":
    """Return a client that tries once."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis.from_url(
        url, socket_timeout=REDIS_WITHIN_S, socket_connect_timeout=REDIS_WITHIN_S, retry=Retry(NoBackoff(), 0)
    )
