"""What entries of the audit log were about, as German readers see it; names stay as they are."""

import pytest
from django.test import Client
from django.utils.translation import override

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.audit.words import subject
from sensorfusion.accounts.services import issue_token
from tests.clients import NOW
from tests.conftest import Cast

SUBJECTS = [
    (Action.SESSION_ENDED, "Firefox on a Mac", "Firefox unter macOS"),
    (Action.SESSION_ENDED, "an unknown browser", "unbekannter Browser"),
    (Action.FACTOR_ADDED, "Passkey “Save”", "Passkey „Save“"),
    (Action.FACTOR_REMOVED, "All, by an administrator", "Alle, durch die Verwaltung"),
    (Action.FEATURE_SWITCHED, "Webhooks: off", "Webhooks: aus"),
    (Action.MEMBER_INVITED, "ada@example.org: editor", "ada@example.org: Bearbeiter"),
    (
        Action.SHARE_CHANGED,
        "Page of the site, by link: Save (Shed: rain) → Page of the site, public at /p/save/: Save (Shed: rain)",
        "Seite des Standorts, per Link: Save (Shed: rain) → Seite des Standorts, öffentlich unter /p/save/: "
        "Save (Shed: rain)",
    ),
    (Action.KEY_MADE, "Save", "Save"),
]


@pytest.mark.parametrize(("action", "stored", "shown"), SUBJECTS)
def test_subjects_are_translated_and_names_are_not(action: Action, stored: str, shown: str) -> None:
    assert subject(action, stored) == stored

    with override("de"):
        assert subject(action, stored) == shown


def test_entries_are_stored_in_english_and_shown_in_the_language_of_the_page(client: Client, cast: Cast) -> None:
    with override("de"):
        issue_token(operator=cast.owner, label="backup", now=NOW)
    client.force_login(cast.owner)

    entry = AuditEntry.objects.get(action=Action.TOKEN_MADE)
    german = client.get("/account/audit/", headers={"Accept-Language": "de"}).text

    assert entry.subject.endswith(": Everything that you may")
    assert "API-Token erstellt" in german
    assert f"{entry.subject.removesuffix('Everything that you may')}Alles, was Sie dürfen" in german
    assert "Befehlszeile" in german
