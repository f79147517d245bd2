"""Fills a data directory as the platform of an earlier time left it: `python -m tests.crash.old_installation DATA`.

The database has the migrations of then, and rows made by the models of then: an operator with a password, a browser's
session and an API token, a site, a sensor with a key, its readings, and an alert rule. It prints the secrets as JSON.
"""

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

# What our apps had then: before second factors, proved addresses, rules on two quantities, exports as jobs,
# administration, languages and invitations.
THEN: Final[Sequence[tuple[str, str]]] = (
    ("accounts", "0018_send_on_actions"),
    ("alerts", "0006_browsers"),
    ("explore", "0001_saved_comparisons"),
    ("ingest", "0002_readings_of_an_import"),
    ("mail", "0004_factor_changed"),
    ("readings", "0009_notes"),
    ("report_mail", "0002_with_pdf"),
    ("send_on", "0001_destinations"),
    ("sensors", "0021_imported_readings"),
    ("sharing", "0011_pages_elsewhere"),
    ("webhooks", "0004_refused"),
)
PASSWORD: Final = "correct horse battery staple"
EMAIL: Final = "ada@example.org"
BEGAN: Final = datetime(2026, 9, 1, tzinfo=UTC)
READINGS: Final = 48


def then(graph: Any) -> list[tuple[str, str]]:
    """Return the migrations of then, and the last ones of the packages that were there already."""
    ours = {app for app, _ in THEN}
    others = [(app, name) for app, name in graph.leaf_nodes() if app in ("sessions", "contenttypes", "auth", "admin")]
    assert not ours & {app for app, _ in others}
    return [*THEN, *others]


def fill(apps: Any) -> dict[str, str]:
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils.crypto import salted_hmac

    from sensorfusion.accounts.secrets import digest, make_token
    from sensorfusion.sensors.keys.secrets import make_key

    token, (prefix, key), password = make_token(), make_key(), make_password(PASSWORD)
    operator = apps.get_model("accounts", "Operator").objects.create(
        email=EMAIL, email_key=EMAIL, name="Ada", password=password, joined_at=BEGAN
    )
    given = {"digest": digest(token), "last4": token[-4:], "label": "Script", "scope": "write", "created_at": BEGAN}
    lives_until = datetime.now(UTC) + timedelta(days=365)
    apps.get_model("accounts", "ApiToken").objects.create(operator=operator, expires_at=lives_until, **given)
    site = apps.get_model("sensors", "Site").objects.create(name="Orchard", time_zone="Europe/Warsaw")
    apps.get_model("accounts", "Membership").objects.create(operator=operator, site=site, role="owner")
    sensor = apps.get_model("sensors", "Sensor").objects.create(site=site, name="Garden")
    apps.get_model("sensors", "Key").objects.create(sensor=sensor, prefix=prefix, digest=digest(key), created_at=BEGAN)
    apps.get_model("alerts", "AlertRule").objects.create(
        site=site, sensor=sensor, quantity="temperature", condition="above", high=30.0, made_by=operator,
        made_at=BEGAN, changed_at=BEGAN,
    )  # fmt: skip
    store(sensor.id)

    session = SessionStore()
    session["_auth_user_id"], session["_auth_user_backend"] = str(operator.pk), settings.AUTHENTICATION_BACKENDS[0]
    salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
    session["_auth_user_hash"] = salted_hmac(salt, password, algorithm="sha256").hexdigest()
    session.create()
    return {"token": token, "key": key, "session": str(session.session_key), "sensor": str(sensor.uuid)}


def store(sensor: int) -> None:
    """Store readings as they were stored then; rollups are made by the platform of now."""
    import psycopg

    from sensorfusion.events.postgres import conninfo
    from sensorfusion.readings.stored.partitions import Partitions, month_of

    with psycopg.connect(conninfo(), autocommit=True) as link:
        Partitions().ensure(link, [month_of(BEGAN)])
        for number in range(READINGS):
            at = BEGAN + timedelta(minutes=30 * number)
            values = json.dumps({"temperature": 10 + number / 10})
            link.execute(
                'INSERT INTO reading (sensor_id, observed_at, received_at, seq, "values") VALUES (%s, %s, %s, %s, %s)',
                [sensor, at, at, number + 1, values],
            )
        link.execute(
            'INSERT INTO sensor_state (sensor_id, seq, observed_at, received_at, stored_until, "values", older, deltas)'
            " SELECT sensor_id, seq, observed_at, received_at, observed_at, \"values\", '{}', '[1800]' FROM reading"
            " ORDER BY seq DESC LIMIT 1"
        )


def main(data: str) -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "sensorfusion.config.settings", "SENSORFUSION_DATA": data}
    import django

    from sensorfusion.postgres.embedded import EmbeddedPostgres
    from sensorfusion.server.preparation import database

    embedded = EmbeddedPostgres(Path(data))
    url = embedded.start()
    try:
        database.use(url)
        django.setup()
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        targets = then(executor.loader.graph)
        executor.migrate(targets)
        made = fill(executor.loader.project_state(targets).apps)
        connection.close()
        print(json.dumps(made))
    finally:
        embedded.stop()


if __name__ == "__main__":
    main(sys.argv[1])
