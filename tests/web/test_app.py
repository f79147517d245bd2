"""The pages can be installed as an app: the manifest, its icons, and that it starts at the overview."""

import json
import struct
from pathlib import Path
from urllib.parse import urljoin

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from sensorfusion.web.security import policy

MANIFEST = "app/app.webmanifest"


def manifest() -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(str(finders.find(MANIFEST))).read_text(encoding="utf-8"))
    return found


def test_every_page_names_the_manifest_and_the_policy_lets_browsers_load_it(client: Client, db: None) -> None:
    assert f'<link rel="manifest" href="{static(MANIFEST)}">' in client.get("/sign-in/").text
    assert "manifest-src 'self'" in policy(path="/", host="station.example")


def test_browsers_get_the_manifest_and_its_icons_by_the_names_in_it(client: Client) -> None:
    address = f"/static/{MANIFEST}"  # `static()` has another name for it once a test has collected files
    icons = manifest()["icons"]
    assert isinstance(icons, list)

    assert client.get(address)["Content-Type"].startswith("application/manifest+json")
    assert {client.get(urljoin(address, icon["src"]))["Content-Type"] for icon in icons} == {"image/png"}


def test_the_app_starts_at_the_overview_under_any_path() -> None:
    for root in ("/", "/sensors-of-ours/"):
        for member in ("start_url", "scope"):
            assert urljoin(f"https://station.example{root}static/{MANIFEST}", str(manifest()[member])).endswith(
                f"e{root}"
            )


def test_icons_are_there_in_the_sizes_that_the_manifest_says() -> None:
    icons = manifest()["icons"]
    assert isinstance(icons, list)
    for icon in icons:
        head = Path(str(finders.find(f"app/{icon['src']}"))).read_bytes()[:24]
        assert "{}x{}".format(*struct.unpack(">II", head[16:24])) == icon["sizes"]
    assert {icon["sizes"] for icon in icons} == {"192x192", "512x512"}


def test_nothing_of_a_person_is_in_the_manifest() -> None:
    """It is a file for all: browsers load it without cookies."""
    assert manifest().keys() == {
        "name",
        "short_name",
        "start_url",
        "scope",
        "display",
        "background_color",
        "theme_color",
        "icons",
    }
