"""The address of a request reaches the services that it calls, and no other request."""

import asyncio

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.audit.origin import COMMAND_LINE, Origin, origin
from tests.conftest import PASSWORD, Cast


def said(request: HttpRequest) -> HttpResponse:
    return HttpResponse(origin())


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db8::7", ""])
def test_a_request_has_its_clients_address(address: str) -> None:
    answer = Origin(said)(RequestFactory().get("/", REMOTE_ADDR=address))

    assert answer.text == address  # type: ignore[attr-defined]
    assert origin() == COMMAND_LINE


def test_an_error_leaves_no_address_behind() -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        Origin(fails)(RequestFactory().get("/", REMOTE_ADDR="198.51.100.7"))

    assert origin() == COMMAND_LINE


def test_requests_at_the_same_time_keep_their_own() -> None:
    async def one(address: str) -> str:
        answer = await asyncio.to_thread(Origin(said), RequestFactory().get("/", REMOTE_ADDR=address))
        return answer.text  # type: ignore[attr-defined, no-any-return]

    async def all_of_them() -> list[str]:
        return await asyncio.gather(*(one(f"198.51.100.{last}") for last in range(20)))

    assert asyncio.run(all_of_them()) == [f"198.51.100.{last}" for last in range(20)]


@pytest.mark.parametrize("path", ["/sign-in/", "/api/v1/auth/login/"])
def test_signing_in_is_recorded_with_the_address(client: Client, cast: Cast, path: str) -> None:
    given = {"email": cast.owner.email, "password": PASSWORD}
    body = {"data": given, "content_type": "application/json"} if "api" in path else {"data": given}
    client.post(path, **body, REMOTE_ADDR="198.51.100.7")

    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.operator, entry.address) == ("signed_in", cast.owner, "198.51.100.7")


def test_a_wrong_password_signs_nobody_in(client: Client, cast: Cast) -> None:
    client.post("/sign-in/", {"email": cast.owner.email, "password": "wrong"})

    assert not AuditEntry.objects.exists()
