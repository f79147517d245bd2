"""A request that waits for something else returns its connection."""

import pytest
from django.db import connection, transaction

from sensorfusion.web.connections import release_connection


@pytest.mark.django_db(transaction=True)
def test_connection_is_returned_and_taken_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    release_connection()

    assert connection.connection is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.django_db(transaction=True)
def test_transaction_keeps_its_connection() -> None:
    with transaction.atomic():
        release_connection()
        assert connection.connection is not None
