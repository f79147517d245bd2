"""Scripts in the language of the page: what is written of them, and that nobody reads a text that is not marked."""

import json
import re
from gettext import NullTranslations
from pathlib import Path

import pytest
from django.conf import settings

from sensorfusion.web.importmap import LATER, MODULES, PAGES, source
from sensorfusion.web.languages import scripts
from sensorfusion.web.languages.scripts import ENGLISH, MARKS, catalogue, in_language, languages, messages_of
from sensorfusion.web.scripts import OURS, joined
from tests.web.programs import program, untagged_strings
from tests.web.test_scripts import node

TESTS = Path(__file__).parents[2] / "js"
NAMES = sorted(each for each in MODULES if each.startswith(OURS) and each != MARKS)
# What seems to be a text for readers: a capital letter before small ones, or two words.
WORDS = re.compile(r"(?<![\w#.-])[A-Z][a-z]+\b(?![\w(-])|(?<![\w.#\[-])[a-z]{2,} [a-z]{2,}\b")
NOT_READ = {
    "the name of a key": ("Escape", "Enter"),
    "a font": ("12px Geist", "12px Geist, system-ui, sans-serif", "13px Geist, system-ui, sans-serif"),
    "a font without its size": ("Geist, system-ui, sans-serif",),
    "classes": ("button small",),
    "a selector": ("thead th", "thead tr", "button span", "main sf-filter", "main sf-filter input"),
    "a colour": ("color-mix(in oklab, var(--…) …%, transparent)",),
    "for the console": ("No offline page: ",),
}
# Translations that are the same as the text.
SAME = {
    "de": {
        *("Beaufort {0} · {1}{2}", "Esc", "Live", "NS", "UV {0}, {1}", "Wind {0}{point}, {1}{gusting}"),
        *("in {seconds}\u00a0s", "{0} in {words}.", "{0} {1} in 1\u00a0h", "{all} in {words}."),
    }
}


class Messages(NullTranslations):
    """The messages of a language."""

    def __init__(self, given: dict[str, str]) -> None:
        super().__init__()
        self.given = given

    def gettext(self, message: str) -> str:
        return self.given.get(message, message)

    def pgettext(self, context: str, message: str) -> str:
        return self.given.get(f"{context}|{message}", message)


def written(monkeypatch: pytest.MonkeyPatch, code: str, given: dict[str, str]) -> str:
    monkeypatch.setattr(scripts, "catalogue", lambda language: Messages(given))
    return in_language(code, "xx")


def test_a_script_without_marks_is_left_as_it_is() -> None:
    code = "const a = `${b}`; // gettext\n"

    assert in_language(code, ENGLISH) is code


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("a = gettext`Save`;", 'a = "Save";'),
        ("a = gettext`Between ${low} and ${high}`;", "a = `Between ${low} and ${high}`;"),
        ('a = gettext`say "no"`;', 'a = `say "no"`;'),
        (r"a = gettext`10\u00a0%`;", r'a = "10\u00a0%";'),
        ('a = [pgettext("door")`open`];', 'a = ["open"];'),
        ("a = gettext`b ${f(gettext`c`)}`;", 'a = `b ${f("c")}`;'),
        ("a = (b) => decimal(b + gettext`c`);", 'a = (b) => (b + "c");'),
    ],
)
def test_in_english_only_the_marks_are_gone(code: str, english: str) -> None:
    assert in_language(code, ENGLISH) == english


def test_the_import_of_the_marks_is_gone() -> None:
    line = f'import {{ gettext }} from "{MARKS}";\n'

    assert in_language(f"{line}\nf(gettext`a`);\n", ENGLISH) == 'f("a");\n'
    assert in_language(f'import "sf/a";\n{line}\nf(gettext`a`);\n', ENGLISH) == 'import "sf/a";\n\nf("a");\n'
    assert in_language(f'{line}import "sf/z";\n\nf(gettext`a`);\n', ENGLISH) == 'import "sf/z";\n\nf("a");\n'


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("gettext`Save`", {"Save": "Speichern"}, "Speichern"),
        ("gettext`Save`", {}, "Save"),
        ("gettext`${1 + 1} of ${n}`", {"{0} of {n}": "von {n} {0}"}, "von 7 2"),
        ("gettext`a ${n}`", {"a {n}": '`\\` "${n} {n} $'}, '`\\` "${n} 7 $'.replace("${n}", "$7")),
        ("gettext`a ${n}`", {"a {n}": "ohne"}, "ohne"),
        ("gettext`a ${n}`", {"a {n}": "{n}{n}"}, "77"),
        ('pgettext("door")`open`', {"open": "öffnen", "door|open": "auf"}, "auf"),
        ("gettext`a ${gettext`b ${n}`}`", {"a {0}": "{0} A", "b {n}": "{n} B"}, "7 B A"),
        ("decimal(`${n / 2}`)", {"decimal point|.": ","}, "3,5"),
        ("gettext`a\nb`", {"a\nb": 'c\n"d'}, 'c\n"d'),
    ],
)
def test_in_another_language_the_script_says_the_translation(
    code: str, given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = node("--input-type=module", "-", text=written(monkeypatch, f"const n = 7; console.log({code});", given))

    assert run.stdout == f"{said}\n", run.stderr


def test_a_translation_with_another_value_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="placeholders"):
        written(monkeypatch, "gettext`a ${b}`", {"a {b}": "a {c}"})


def test_scripts_are_translated_to_every_language_of_pages() -> None:
    assert set(languages()) == {code for code, _ in settings.LANGUAGES} - {ENGLISH}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_translated(name: str, language: str) -> None:
    messages = catalogue(language)
    told = [
        (text, messages.gettext(text) if context is None else messages.pgettext(context, text))
        for context, text in messages_of(source(name))
    ]

    assert not [text for text, said in told if said == text and text not in SAME[language]]


@pytest.mark.parametrize("name", NAMES)
def test_no_text_for_readers_is_unmarked(name: str) -> None:
    allowed = {text for texts in NOT_READ.values() for text in texts}

    assert not {text for text in untagged_strings(source(name)) if WORDS.search(text)} - allowed


def test_every_exception_is_a_string_of_a_script() -> None:
    strings = {text for name in NAMES for text in untagged_strings(source(name))}

    assert {text for texts in NOT_READ.values() for text in texts} <= strings


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", NAMES)
def test_a_module_differs_between_languages_in_its_texts_only(name: str, language: str) -> None:
    point = f'.replace(".",{json.dumps(catalogue(language).pgettext("decimal point", "."))})'
    english, other = (in_language(source(name), each) for each in (ENGLISH, language))

    assert program(other.replace(point, ""), with_strings=False) == program(english, with_strings=False)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("entry", [*PAGES, *LATER])
def test_every_entry_can_be_joined_in_every_language(entry: str, language: str) -> None:
    text = joined(entry, read=source, language=language)

    assert MARKS not in text
    assert node("--check", "--input-type=module", "-", text=text).stderr == ""


@pytest.mark.parametrize("language", languages())
def test_scripts_say_what_the_server_says_in_every_language(language: str, tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / MODULES[name]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / MODULES[name]).write_text(in_language(source(name), language), encoding="utf-8")

    run = node(
        f"--import={(TESTS / 'register.js').as_uri()}",
        *("--test", str(TESTS / "same.test.js")),
        environment={"SCRIPTS": f"{tmp_path.as_uri()}/js/", "SAME": f"same.{language}.json"},
    )

    assert run.returncode == 0, run.stdout + run.stderr
