"""Static files: with the hash of their content in their name once collected, by plain name otherwise."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import brotli
from django.http import HttpRequest, HttpResponse
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from sensorfusion.web import importmap
from sensorfusion.web.languages.scripts import ENGLISH, in_language, languages
from sensorfusion.web.scripts import OURS, joined

# Our own files are far smaller; the scripts of the API's documentation and the admin are larger.
LARGE_BYTES = 100_000
SHEETS = "css/"  # ours; those of others are sent as they are


_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_BREAK: Final = re.compile(r"\s*\n\s*")


def plain_sheet(text: str) -> str:
    """Return a style sheet without its comments, indentation and empty lines. Its strings contain none of them."""
    return _BREAK.sub("\n", _COMMENT.sub("", text)).strip() + "\n"


def scripts() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each of our scripts in each language; where it has no texts, in English only."""
    for name in (each for each in importmap.MODULES if each.startswith(OURS)):
        english = script(name, ENGLISH)
        yield importmap.MODULES[name], english
        for language in languages():
            if (text := script(name, language)) != english:
                yield importmap.path_in(language, name), text


def script(name: str, language: str) -> str:
    """Return an entry with all our modules it needs, any other module by itself."""
    if name in (*importmap.PAGES, *importmap.LATER):
        return joined(name, read=importmap.source, language=language)
    return in_language(importmap.source(name), language)


class QuickCompressor(Compressor):  # type: ignore[misc]  # WhiteNoise has no types
    """Use Brotli's highest level for small files only: for a large one it takes twenty times as long, to save 9 %."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=9 if len(data) > LARGE_BYTES else 11))


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Hashed names; plain names for files that were not collected (tests, development)."""

    def stored_name(self, name: str) -> str:
        plain = self.clean_name(name)
        return str(self.hashed_files.get(self.hash_key(plain), plain))

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join the scripts of each page and of each later import, shorten our sheets, rename every file by its hash.

        Runs every time, since a joined file depends on every module in it; sources are read from the packages, since
        the collected files differ from them.
        """
        files = {} if dry_run else dict(scripts())
        for path, text in files.items():
            Path(self.path(path)).write_text(text, encoding="utf-8")
        sheets = () if dry_run else [path for path in paths if path.startswith(SHEETS)]
        for path in sheets:
            storage, name = paths[path]
            with storage.open(name) as source:
                Path(self.path(path)).write_text(plain_sheet(source.read().decode()), encoding="utf-8")
        joined_here = {path: (self, path) for path in (*files, *sheets)}
        yield from super().post_process({**paths, **joined_here}, dry_run, **options)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise that serves uncollected files from the packages, so that no manual step is needed.

    Hashed files come from the collected directory, compressed and cached without expiry; plain names come from the
    packages and are always current.
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
        """Answer from memory: under ASGI Django would read a file in a thread, in chunks, with a warning."""
        found = static_file.get_response(request.method, request.META)
        with found.file or open(os.devnull, "rb") as file:
            answer = HttpResponse(file.read(), status=int(found.status))
        del answer["Content-Type"]
        for name, value in found.headers:
            answer[name] = value
        if answer.content:  # WhiteNoise uses the length that the file had when the server started
            answer["Content-Length"] = str(len(answer.content))
        return answer
