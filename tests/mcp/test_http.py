"""Streamable HTTP: a client of the library with the token, and those without it."""

import json
import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.crash.platform import environment
from tests.mcp.conftest import Asking, World
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash


@pytest.fixture
def address(world: World) -> Iterator[str]:
    given = environment(SENSORFUSION_URL=world.url, SENSORFUSION_TOKEN=world.tokens["ada"])
    command = [sys.executable, "-m", "sensorfusion", "mcp", "--http", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=given) as process:
        assert process.stderr
        said = process.stderr.readline()
        try:
            assert said.startswith("Ready: http://127.0.0.1:"), said
            yield said.removeprefix("Ready: ").strip()
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


async def test_a_client_with_the_token_is_answered(world: World, address: str) -> None:
    headers = {"Authorization": f"Bearer {world.tokens['ada']}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=PATIENCE_S) as http,
        Client(streamable_http_client(address, http_client=http)) as client,
    ):
        assert (await Asking(client)("sensors"))["n"] == 3


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer sft_wrong"}, {"Authorization": "Basic YQ=="}])
def test_others_on_the_machine_are_refused(address: str, headers: dict[str, str]) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    answer = httpx2.post(address, json=body, headers={**accept, **headers}, timeout=PATIENCE_S)

    assert answer.status_code == 401
    assert "Authorization: Bearer" in json.loads(answer.text)["detail"]


def test_a_page_of_another_name_for_this_machine_is_refused(world: World, address: str) -> None:
    headers = {"Authorization": f"Bearer {world.tokens['ada']}", "Host": "evil.example"}
    answer = httpx2.post(address, json={}, headers=headers, timeout=PATIENCE_S)

    assert answer.status_code in (403, 421)
