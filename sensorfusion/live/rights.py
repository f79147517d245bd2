"""Credentials of sockets and access of operators, read from the database on the event loop."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from sensorfusion.accounts.secrets import digest
from sensorfusion.accounts.tries.issued import MOST, Issued
from sensorfusion.clock import Clock
from sensorfusion.live.reads import RHYTHM, Database, Rhythm, rhythm


@dataclass(frozen=True, slots=True)
class Credential:
    """The right by which a socket is open: an API token, or a session and the stamp it was begun with."""

    operator: int
    token: int | None = None
    session: str | None = None
    stamp: str | None = None
    sites: frozenset[int] | None = None  # that the token is bound to; None for all of the operator's

    def reaches(self, site: int) -> bool:
        """Return whether the sensors of a site, which the operator sees, may be seen with it."""
        return self.sites is None or site in self.sites


@dataclass(frozen=True, slots=True)
class SignedIn:
    credential: Credential
    uuid: str  # the operator's public name


class Seen(NamedTuple):
    """A sensor as an operator sees it."""

    uuid: str
    may_edit: bool
    site: int


@dataclass(frozen=True, slots=True)
class Known:
    """A sensor as it is now, and for each operator who may see it whether they may edit it."""

    uuid: str
    site: int
    name: str
    may_edit: dict[int, bool]
    rhythm: Rhythm


# `last_used_at` is for people: a resolution of a minute is enough.
_BY_TOKEN = """
WITH found AS (
    SELECT token.id, token.operator_id, operator.uuid::text, token.is_bound,
        ARRAY(SELECT site_id FROM accounts_apitoken_sites WHERE apitoken_id = token.id) AS sites
    FROM accounts_apitoken AS token
    JOIN accounts_operator AS operator ON operator.id = token.operator_id AND operator.is_active
    WHERE token.digest = %s AND token.expires_at > %s AND token.scope <> 'send'
), noted AS (
    UPDATE accounts_apitoken AS token SET last_used_at = %s FROM found
    WHERE token.id = found.id AND (token.last_used_at IS NULL OR token.last_used_at < %s - interval '1 minute')
)
SELECT * FROM found
"""

# `Operator.session_stamp`: a changed password and "sign out everywhere" end sessions here as for pages.
_STILL_GOOD = """
SELECT held.place FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[])
    WITH ORDINALITY AS held (operator, token, session, stamp, place)
JOIN accounts_operator AS operator ON operator.id = held.operator AND operator.is_active
WHERE CASE WHEN held.token IS NULL
    THEN operator.password || ':' || operator.sessions_ended = held.stamp
        AND EXISTS (SELECT FROM django_session WHERE session_key = held.session AND expire_date > %s)
    ELSE EXISTS (SELECT FROM accounts_apitoken WHERE id = held.token AND expires_at > %s)
END
"""

_ISSUED = "SELECT digest FROM accounts_apitoken LIMIT %s"

_SIGHT = """
SELECT operator_id, sensor_id, sensor_uuid::text, may_edit, (sensor).site_id FROM sensor_right
WHERE operator_id = ANY(%s) ORDER BY sensor_id
"""

_KNOWN = f"""
SELECT sensor.id, sensor.uuid::text, sensor.site_id, sensor.name, seen.may_edit, {RHYTHM}
FROM sensors_sensor AS sensor LEFT JOIN sensor_state AS state ON state.sensor_id = sensor.id
LEFT JOIN (
    SELECT sensor_id, json_object_agg(operator_id, may_edit)::text AS may_edit FROM sensor_right
    WHERE sensor_id = ANY(%s) GROUP BY sensor_id
) AS seen ON seen.sensor_id = sensor.id
WHERE sensor.id = ANY(%s)
"""


class Rights:
    """Identifies operators and reads what they may see."""

    def __init__(self, database: Database, *, now: Clock) -> None:
        self._database = database
        self._now = now
        self._issued: Issued[bytes] = Issued(self._digests)

    async def by_token(self, text: str) -> SignedIn | None:
        """Return the operator of an API token; None if it is unknown or expired, or the account is closed."""
        now = self._now()
        for token, operator, uuid, is_bound, sites in await self._database.rows(_BY_TOKEN, digest(text), now, now, now):
            return SignedIn(Credential(operator, token=token, sites=frozenset(sites) if is_bound else None), uuid)
        return None

    async def is_issued(self, text: str) -> bool:
        """Return whether this API token was issued, without a query for each; it may have ended since."""
        return await self._issued.has(digest(text))

    async def still_good(self, held: Sequence[Credential]) -> set[Credential]:
        """Return those credentials by which a socket may stay open."""
        columns = [[getattr(each, name) for each in held] for name in ("operator", "token", "session", "stamp")]
        now = self._now()
        return {held[place - 1] for (place,) in await self._database.rows(_STILL_GOOD, *columns, now, now)}

    async def sight(self, operators: Collection[int]) -> dict[int, dict[int, Seen]]:
        """Return for each operator the visible sensors."""
        seen: dict[int, dict[int, Seen]] = {operator: {} for operator in operators}
        for operator, sensor, *columns in await self._database.rows(_SIGHT, list(operators)):
            seen[operator][sensor] = Seen(*columns)
        return seen

    async def known(self, sensors: Iterable[int]) -> dict[int, Known]:
        """Return these sensors as they are now, without deleted ones."""
        asked = list(sensors)
        rows = await self._database.rows(_KNOWN, asked, asked)
        return {
            sensor: Known(
                uuid, site, name, msgspec.json.decode(may_edit or "{}", type=dict[int, bool]), rhythm(*columns)
            )
            for sensor, uuid, site, name, may_edit, *columns in rows
        }

    async def _digests(self) -> list[bytes]:
        return [bytes(row[0]) for row in await self._database.rows(_ISSUED, MOST)]
