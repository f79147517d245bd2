"""The forms of forgotten passwords and of which messages come."""

import pytest

from sensorfusion.accounts.mailing.forms import MutedForm, NewPasswordForm
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.kinds import OPTIONAL, Kind
from tests.conftest import Cast


def test_what_is_not_chosen_is_turned_off(cast: Cast) -> None:
    form = MutedForm({"wanted": ["invitation"]}, operator=cast.owner)

    assert form.is_valid()
    assert form.muted() == OPTIONAL - {Kind.INVITATION}


def test_form_shows_what_comes(cast: Cast) -> None:
    cast.owner.muted_mail = ["invitation"]

    assert MutedForm(operator=cast.owner).initial == {
        "wanted": ["sensor_offer", "member_joined", "membership_ended", "alert", "report"]
    }


def test_password_that_is_too_weak_is_not_set(cast: Cast) -> None:
    form = NewPasswordForm(cast.owner, {"new": "short"})

    assert form.is_valid()
    with pytest.raises(Refusal, match="too short"):
        form.save()
