"""An administrator's browser."""

import pytest
from django.test import Client

from sensorfusion.accounts.models import Operator
from tests.conftest import Cast


def made_administrator(operator: Operator) -> Operator:
    operator.is_staff = operator.is_superuser = True
    operator.save()
    return operator


@pytest.fixture
def administrator(cast: Cast) -> Client:
    """The outsider, who sees none of the owner's site elsewhere."""
    client = Client()
    client.force_login(made_administrator(cast.outsider))
    return client
