"""The names of roles within sentences."""

import pytest
from django.utils import translation

from sensorfusion.accounts.models import Role
from sensorfusion.sensors.sites.roles import role_in_sentence


@pytest.mark.parametrize(
    ("role", "english", "german"),
    [
        (Role.OWNER, "owner", "Eigentümer"),
        (Role.EDITOR, "editor", "Bearbeiter"),
        (Role.VIEWER, "viewer", "Betrachter"),
    ],
)
def test_a_role_is_a_noun_with_the_capital_of_its_language(role: Role, english: str, german: str) -> None:
    assert role_in_sentence(role) == english
    with translation.override("de"):
        assert role_in_sentence(role) == german
