"""Catalogues of translations are complete: every text that pages mark, in every language; and every text is marked."""

from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings

from release import messages, untranslated

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
APPS = messages.apps()
# Templates of what is the same in every language: code for devices.
CODE = ("sensors/examples/",)


def test_every_language_that_can_be_chosen_has_catalogues() -> None:
    assert list(messages.LANGUAGES) == LANGUAGES
    assert {path.parts[-3] for path in messages.PACKAGE.glob("*/locale/*/LC_MESSAGES/*.po")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("app", APPS)
def test_a_catalogue_has_every_text_of_its_app_and_no_other(app: str, language: str) -> None:
    assert [str(each) for each in messages.faults(app, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_translated_alike_in_every_app(language: str) -> None:
    # Django makes one catalogue of all of them: of two translations one would be shown everywhere.
    translations = defaultdict(set)
    for app in APPS:
        for message in messages.stored(app, language):
            if message.id:
                translations[message.context, str(message.id)].add(str(message.string))

    assert {key: found for key, found in translations.items() if len(found) > 1} == {}


@pytest.mark.parametrize("app", sorted(path.parent.name for path in messages.PACKAGE.glob("*/templates")))
def test_every_text_of_a_template_is_marked(app: str) -> None:
    paths = [*Path(messages.PACKAGE / app).rglob("templates/**/*.html")]
    found = [str(each) for path in paths for each in untranslated.unmarked(path)]

    assert [each for each in found if not any(part in each for part in CODE)] == []
