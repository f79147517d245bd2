"""Requests below the path of PUBLIC_URL, and at the root."""

from typing import Any

import pytest

from sensorfusion.server.sub_path import SubPath, is_below


async def seen(path: str, **more: Any) -> dict[str, Any]:
    """Return the scope that the application gets."""
    got: list[dict[str, Any]] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        got.append(scope)

    await SubPath(application, "/sf")({"type": "http", "path": path, **more}, None, None)
    return got[0]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/sf", "/"), ("/sf/", "/"), ("/sf/sensors/", "/sensors/"), ("/sf/sf/", "/sf/"),
        ("/", "/"), ("/sensors/", "/sensors/"), ("/sfx", "/sfx"), ("/sf.css", "/sf.css"), ("/x/sf/", "/x/sf/"),
    ],
)  # fmt: skip
async def test_path_is_removed_once_and_only_as_whole_words(path: str, expected: str) -> None:
    scope = await seen(path, raw_path=path.encode())

    assert (scope["path"], scope["raw_path"]) == (expected, expected.encode())
    assert is_below(path, "/sf") == (expected != path)


async def test_scope_of_a_lifespan_is_passed_on() -> None:
    assert (await seen("", type="lifespan"))["type"] == "lifespan"
