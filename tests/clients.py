"""Clients of the management API."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import issue_token

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def let_go(answer: Any) -> None:
    """Consume a file response; `answer.close()` would end the test's transaction too."""
    for close in getattr(answer, "_resource_closers", ()):
        close()


def client_of(operator: Operator, **options: Any) -> APIClient:
    """Return a client that sends a token of the operator, so that authentication is tested too."""
    issued = issue_token(operator=operator, label="test", now=timezone.now(), **options)
    return client_with(issued.text)


def client_with(token: str, scheme: str = "Bearer") -> APIClient:
    """Return a client that sends this token."""
    client = anybody()
    client.credentials(HTTP_AUTHORIZATION=f"{scheme} {token}")
    return client


def anybody() -> APIClient:
    """Return a client that sends no credentials, and JSON."""
    client = APIClient()
    client.default_format = "json"
    return client
