"""A file of the disk as a response: whole, or the one range of it that is asked for (RFC 9110, section 14).

So a download that broke off is resumed: by `Range`, with `If-Range` by those who know the ETag of the first part.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from sensorfusion.domain.errors import ERRORS
from sensorfusion.web.problems import problem_response

PART_BYTES: Final = 256 << 10
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z", re.ASCII)


class FilePart:
    """Some bytes of a file for a streaming response, which closes it; read by threads, a part at a time."""

    def __init__(self, file: IO[bytes], *, start: int, length: int) -> None:
        self._file = file
        self._start = start
        self._left = length

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await asyncio.to_thread(self._file.seek, self._start)
        while self._left and (part := await asyncio.to_thread(self._file.read, min(PART_BYTES, self._left))):
            self._left -= len(part)
            yield part

    def close(self) -> None:
        self._file.close()


def download(request: HttpRequest, path: Path, *, name: str, content: str, tag: str) -> HttpResponseBase:
    """Return the file, a range of it, or that it has not changed; `tag` is its ETag without quotes.

    :raises FileNotFoundError: if it is not there.
    """
    etag = f'"{tag}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": etag})
    file = path.open("rb")
    size = path.stat().st_size
    wanted = _wanted(request, etag, size)
    if wanted is not None and not wanted:
        file.close()
        return _no_such_range(size)
    span = range(size) if wanted is None else wanted
    response: HttpResponseBase
    if request.method == "HEAD":
        file.close()
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(FilePart(file, start=span.start, length=len(span)))
    if wanted is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    for header, text in {
        "Content-Type": content,
        "Content-Length": str(len(span)),
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Encoding": "identity",  # a range is of the file, not of what compressing it would give
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "X-Accel-Buffering": "no",
    }.items():
        response.headers[header] = text
    return response


def _wanted(request: HttpRequest, etag: str, size: int) -> range | None:
    """Return the one range that is asked for, empty if the file has no such bytes; None for the whole file.

    Several ranges, and other units, are answered with the whole file, as the standard allows.
    """
    asked = _RANGE.match(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first:
        return range(max(size - int(last), 0), size) if last else None
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def _no_such_range(size: int) -> HttpResponse:
    error = ERRORS["no_such_range"]
    headers = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
    return problem_response(error.status or 416, code=error.code, detail=error.message, headers=headers)
