from datetime import timedelta

import psycopg
import pytest

from sensorfusion.accounts.idempotency.answers import LIFE
from sensorfusion.accounts.idempotency.chores import ForgetAnswers
from sensorfusion.accounts.models import KeptAnswer
from sensorfusion.events.postgres import conninfo
from tests.clients import NOW
from tests.conftest import Cast


@pytest.mark.django_db(transaction=True)
def test_answers_are_deleted_after_a_day(cast: Cast) -> None:
    for number, age in enumerate((LIFE, LIFE - timedelta(seconds=1))):
        KeptAnswer.objects.create(
            operator=cast.owner, key_digest=b"%d" % number, request_digest=b"", answer=b"", created_at=NOW - age
        )

    with psycopg.connect(conninfo(), autocommit=True) as connection:
        ForgetAnswers(lambda: NOW).run(connection)

    assert [bytes(kept.key_digest) for kept in KeptAnswer.objects.all()] == [b"1"]
