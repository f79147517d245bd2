"""The offline page and the service worker. Both are the same for every account, so nothing private is kept.

They are in the language of the page that registered the worker, since its request has the reader's cookies.
The worker is served at the root of the platform, because its path is the widest scope that it may have.
"""

import json
import re
from functools import cache
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sensorfusion.web.addresses import full_path
from sensorfusion.web.importmap import address
from sensorfusion.web.languages.scripts import ENGLISH, of_page

_ADDRESS: Final = re.compile(r'(?:href|src)="([^"#]+)')


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show that the server cannot be reached; the scripts add the last values that this browser saw."""
    return HttpResponse(_page())


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker: a constant with what it keeps, then its script."""
    return HttpResponse(_worker(of_page()), content_type="text/javascript; charset=utf-8")


def _page() -> str:
    return render_to_string("offline/page.html")


@cache
def _worker(language: str = ENGLISH) -> str:
    with translation.override(language):
        page = _page()
        alerts = gettext("Alerts changed")
    kept = {
        "root": full_path("/"),
        "page": reverse("offline"),
        "language": language,
        "alerts": alerts,
        "files": files_of(page),
        "icon": static("app/icon-192.png"),
        "version": sha256(page.encode()).hexdigest()[:12],  # hashed names change with the files, the text with us
    }
    return f"const KEPT = {json.dumps(kept)};\n{render_to_string('offline/worker.js')}"


def files_of(page: str) -> list[str]:
    """Return the static files that the page names, without those that only an installed app needs, and imports."""
    named = dict.fromkeys([*_ADDRESS.findall(page), address("sf/last-values")])
    return [each for each in named if each.startswith(settings.STATIC_URL) and "/app/" not in each]
