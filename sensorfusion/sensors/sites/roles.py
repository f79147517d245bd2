"""The names of roles within a sentence: an owner invites you as editor."""

from typing import Final

from django.utils.translation import pgettext_lazy

from sensorfusion.accounts.models import Role

_IN_SENTENCE: Final = {
    Role.OWNER.value: pgettext_lazy("a role within a sentence", "owner"),
    Role.EDITOR.value: pgettext_lazy("a role within a sentence", "editor"),
    Role.VIEWER.value: pgettext_lazy("a role within a sentence", "viewer"),
}


def role_in_sentence(role: str) -> str:
    """Return what a role is called within a sentence."""
    return str(_IN_SENTENCE[role])
