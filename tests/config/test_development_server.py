"""Daphne is Channels' development server: first of the apps if it is installed, and not needed for serving."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

WITHIN_S = 120
# Import hook that raises what importing a missing package raises.
_WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(["daphne", "twisted", "autobahn"]))
import django
django.setup()
from django.conf import settings
from django.core.management import get_commands
from sensorfusion.server.asgi import application
print(settings.INSTALLED_APPS[0], get_commands()["runserver"], callable(application))
"""


def test_runserver_is_daphnes() -> None:
    assert settings.INSTALLED_APPS[:2] == ["daphne", "channels"]
    assert get_commands()["runserver"] == "daphne"


def test_application_starts_without_daphne(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sensorfusion.config.settings",
        "SENSORFUSION_DATA": str(tmp_path),
    }

    run = subprocess.run(
        [sys.executable, "-c", _WITHOUT], env=environment, capture_output=True, text=True, timeout=WITHIN_S, check=False
    )

    assert run.stdout == "channels django.contrib.staticfiles True\n", run.stderr
