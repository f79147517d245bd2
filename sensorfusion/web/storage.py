"""Static files: with the hash of their content in their name where they were collected, by plain name elsewhere."""

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Hashed names, and the plain name of a file that was not collected (tests, development)."""

    def stored_name(self, name: str) -> str:
        plain = self.clean_name(name)
        return str(self.hashed_files.get(self.hash_key(plain), plain))


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
