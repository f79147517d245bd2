"""The child process, run as the server runs it: what it may reach, and what its PDF has besides the page's figures."""

import io
import socket
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from sensorfusion.documents.paper.printing import Size, printed

PAGE = '<!doctype html><html lang="en"><head><title>October 2026 · Orchard</title></head><body>{}</body></html>'


def read(body: str, *, size: Size = "a4") -> PdfReader:
    return PdfReader(io.BytesIO(printed(PAGE.format(body), base="https://sensors.example.org/", size=size)))


def text(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def test_nothing_is_fetched_from_a_network_or_a_disk(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="9">secret</text></svg>')
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        found = read(
            f'<link rel="stylesheet" href="{there}"><img src="{there}"><img src="{secret.as_uri()}">'
            f'<p style="background: url({there})">kept</p><style>@import url({there}); @font-face {{ font-family: x;'
            f' src: url({there}) }}</style><svg><image href="{there}"/><use href="{secret.as_uri()}#x"/></svg>'
            f'<link rel="attachment" href="{secret.as_uri()}">'
        )
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()

    assert text(found).split() == ["kept", "SensorFusion", "Page", "1", "of", "1"]
    assert dict(found.attachments) == {}


@pytest.mark.parametrize(("size", "width", "height"), [("a4", 595, 842), ("letter", 612, 792)])
def test_a_page_has_the_size_that_was_asked_for(size: Size, width: int, height: int) -> None:
    box = read("<p>x</p>", size=size).pages[0].mediabox

    assert (round(float(box.width)), round(float(box.height))) == (width, height)


def test_a_document_has_its_title_language_tags_and_bookmarks() -> None:
    found = read('<header class="doc-head"><h1>October</h1></header><section><h2>Rain</h2></section>')
    root: Any = found.root_object
    outline: Any = found.outline

    assert found.metadata is not None
    assert found.metadata.title == "October 2026 · Orchard"
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert outline[0].title == "October"
    assert [each.title for each in outline[1]] == ["Rain"]


def test_every_page_is_numbered_and_later_ones_name_sensor_and_period() -> None:
    head = '<header class="doc-head"><div><p><a>Greenhouse</a></p></div><h1>October</h1></header>'
    first, second = (page.extract_text() for page in read(f'{head}<p class="page">†</p>').pages)

    assert "Page 1 of 2" in first
    assert first.count("Greenhouse") == first.count("October") == 1
    assert second.split() == ["†", "Greenhouse", "October", "SensorFusion", "Page", "2", "of", "2"]
