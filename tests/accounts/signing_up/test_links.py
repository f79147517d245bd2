"""Links of new accounts."""

from uuid import UUID

import pytest
from pytest_django import Settings

from sensorfusion.accounts.signing_up.links import Purpose, path_of, subject_of, token_of

SUBJECT = UUID("6f1c0b1e-7b0a-4f7e-9a53-1f0f6a0f2a11")


@pytest.mark.parametrize("purpose", Purpose)
def test_token_names_its_subject_for_its_purpose_only(purpose: Purpose) -> None:
    token = token_of(purpose, SUBJECT)

    assert {other: subject_of(other, token) for other in Purpose} == {
        other: SUBJECT if other is purpose else None for other in Purpose
    }
    assert path_of(purpose, SUBJECT) == f"/sign-up/{purpose}/{token}/"


def test_token_of_another_installation_is_none(settings: Settings) -> None:
    token = token_of(Purpose.INVITED, SUBJECT)
    settings.SECRET_KEY = "another"

    assert subject_of(Purpose.INVITED, token) is None
