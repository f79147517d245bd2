"""Child process: creates the tables, an operator with a token, and sensors with keys; prints them as JSON."""

import os
import sys

import django
import msgspec

SITE, OPERATOR = "Benchmark", "benchmark@example.org"


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from sensorfusion.accounts.services import issue_token
    from sensorfusion.sensors.keys.secrets import digest, make_key
    from sensorfusion.sensors.models import Key, Sensor
    from sensorfusion.sensors.services import create_site, register

    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    operator, _ = register(email=OPERATOR, password="correct horse battery staple", now=now)
    site = create_site(by=operator, now=now, name=SITE)
    sensors = Sensor.objects.bulk_create(Sensor(site=site, name=f"Station {n}", created_at=now) for n in range(count))
    keys = [make_key() for _ in sensors]
    Key.objects.bulk_create(
        Key(sensor=sensor, prefix=prefix, digest=digest(text), created_at=now)
        for sensor, (prefix, text) in zip(sensors, keys, strict=True)
    )
    said = {
        "token": issue_token(operator=operator, label="benchmark", now=now).text,
        "sensors": [
            {"id": sensor.pk, "uuid": str(sensor.uuid), "key": text}
            for sensor, (_, text) in zip(sensors, keys, strict=True)
        ],
    }
    sys.stdout.write(msgspec.json.encode(said).decode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
