"""Static files: with the hash of their content in their name where they were collected, by plain name elsewhere."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from sensorfusion.web import importmap
from sensorfusion.web.scripts import joined


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Hashed names, and the plain name of a file that was not collected (tests, development)."""

    def stored_name(self, name: str) -> str:
        plain = self.clean_name(name)
        return str(self.hashed_files.get(self.hash_key(plain), plain))

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        # Before names get their hashes, and every time: a page's file changes with any module it holds.
        if not dry_run:
            for page in importmap.PAGES:
                text = joined(page, read=importmap.source)
                Path(self.path(importmap.MODULES[page])).write_text(text, encoding="utf-8")
        yield from super().post_process(paths, dry_run, **options)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise that finds a file in the packages when nothing was collected, so that no step by hand is needed.

    Hashed files come from the collected directory, compressed and for ever; plain names come from the packages and are
    always current.
    """

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if not self.use_finders and not self.autorefresh:
            self.add_files_from_finders()

    def add_files(self, root: str, prefix: str | None = None) -> None:
        if self.autorefresh or os.path.isdir(root):
            super().add_files(root, prefix)

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """Answer from memory: Django under ASGI would read a file in a thread, piece by piece, with a warning."""
        found = static_file.get_response(request.method, request.META)
        with found.file or open(os.devnull, "rb") as file:
            answer = HttpResponse(file.read(), status=int(found.status))
        del answer["Content-Type"]
        for name, value in found.headers:
            answer[name] = value
        return answer
