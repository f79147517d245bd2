"""Unknown API tokens are counted per network; good ones pass."""

from datetime import datetime

import pytest

from sensorfusion.accounts.services import end_token, issue_token
from sensorfusion.accounts.tries.tokens import ISSUED_TOKENS, UNKNOWN_TOKENS, tried_token
from sensorfusion.accounts.tries.unknown_credentials import BURST
from sensorfusion.domain.refusals import Refusal
from tests.conftest import Cast

HERE = "192.0.2.1"


@pytest.fixture(autouse=True)
def no_more_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock by which tries come back."""
    monkeypatch.setattr(UNKNOWN_TOKENS, "_clock", lambda: 1000.0)


def flood(now: datetime) -> None:
    assert tried_token(text="sft_first", address=HERE, now=now) is None
    for number in range(2 * BURST):
        UNKNOWN_TOKENS.note_unknown(f"sft_{number}", HERE)


def test_good_tokens_pass_behind_the_address_of_guesses_also_after_a_restart(cast: Cast, now: datetime) -> None:
    used, fresh = (issue_token(operator=cast.owner, label="", now=now).text for _ in range(2))
    tried_token(text=used, address=HERE, now=now)
    flood(now)

    found = [tried_token(text=text, address=HERE, now=now) for text in (used, fresh)]

    assert [token and token.operator for token in found] == [cast.owner, cast.owner]
    with pytest.raises(Refusal) as refused:
        tried_token(text="sft_next", address=HERE, now=now)
    assert (refused.value.status, refused.value.retry_after_s) == (429, 1)


def test_a_token_that_ended_is_counted_like_a_guess(cast: Cast, now: datetime) -> None:
    issued = issue_token(operator=cast.owner, label="", now=now)
    tried_token(text=issued.text, address=HERE, now=now)
    end_token(token=issued.token)
    flood(now)
    ISSUED_TOKENS.forget()

    assert tried_token(text=issued.text, address=HERE, now=now) is None
    with pytest.raises(Refusal):
        tried_token(text=issued.text, address=HERE, now=now)


def test_guesses_are_refused_without_a_query(cast: Cast, now: datetime, django_assert_num_queries: object) -> None:
    ISSUED_TOKENS.has(b"")
    flood(now)

    with django_assert_num_queries(0), pytest.raises(Refusal):  # type: ignore[operator]  # pytest-django's is untyped
        tried_token(text="sft_next", address=HERE, now=now)
