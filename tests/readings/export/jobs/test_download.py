"""Ranges of a file, as RFC 9110 has them."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from sensorfusion.readings.export.jobs.download import PART_BYTES, FilePart, download

WHOLE = bytes(range(100))


def asked(path: Path, **headers: str) -> Any:
    request = RequestFactory().get("/", headers=headers)
    return download(request, path, name="a.csv", content="text/csv", tag="t-1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(WHOLE)
    return path


async def content(response: Any) -> bytes:
    found = b"".join([piece async for piece in response])
    response.close()
    return found


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=90-", 90, 99),
        ("bytes=90-500", 90, 99),
        ("bytes=-5", 95, 99),
        ("bytes=-500", 0, 99),
    ],
)
async def test_a_range_is_a_part(path: Path, wanted: str, first: int, last: int) -> None:
    response = asked(path, range=wanted)

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/100"
    assert response["Content-Length"] == str(last - first + 1)
    assert await content(response) == WHOLE[first : last + 1]


@pytest.mark.parametrize("wanted", ["", "bytes=5-2", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=5"])
async def test_what_is_no_range_is_answered_with_all(path: Path, wanted: str) -> None:
    response = asked(path, range=wanted)

    assert (response.status_code, await content(response)) == (200, WHOLE)


@pytest.mark.parametrize("wanted", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_of_the_file_is_refused_with_its_size(path: Path, wanted: str) -> None:
    response = asked(path, range=wanted)

    assert (response.status_code, response["Content-Range"]) == (416, "bytes */100")


async def test_another_file_is_sent_whole_to_who_has_a_part_of_the_former(path: Path) -> None:
    response = asked(path, **{"range": "bytes=50-", "if-range": '"t-0"'})

    assert (response.status_code, await content(response)) == (200, WHOLE)


async def test_a_large_file_is_read_in_parts_and_closed() -> None:
    file = io.BytesIO(b"x" * (2 * PART_BYTES + 1))
    part = FilePart(file, start=1, length=2 * PART_BYTES)

    sizes = [len(each) async for each in part]
    part.close()

    assert sizes == [PART_BYTES, PART_BYTES]
    assert file.closed
