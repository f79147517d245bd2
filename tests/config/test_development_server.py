"""Daphne is Channels' development server: first of the apps if it is installed, and not needed for serving."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

WITHIN_S = 120
_SERVING = """
import sys
sys.argv[1:] = {arguments}
from sensorfusion.server.asgi import application
print("twisted" in sys.modules)
"""
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
    assert output_of(_WITHOUT, tmp_path) == "channels django.contrib.staticfiles True\n"


@pytest.mark.parametrize(("arguments", "is_loaded"), [(["up", "--port", "0"], False), (["runserver"], True)])
def test_the_serving_process_does_not_load_twisted(arguments: list[str], is_loaded: bool, tmp_path: Path) -> None:
    assert output_of(_SERVING.format(arguments=arguments), tmp_path) == f"{is_loaded}\n"


def output_of(program: str, directory: Path) -> str:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sensorfusion.config.settings",
        "SENSORFUSION_DATA": str(directory),
    }
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=WITHIN_S, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout
