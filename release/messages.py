"""Catalogues of translated texts: `python -m release.messages update` after a text was changed.

Each app has a catalogue, `locale/<language>/LC_MESSAGES/django.po`, of the texts that its templates and modules mark
for Django's gettext. The texts of scripts are in `djangojs.po` of `web`, and called `scripts` here. The binary forms
beside them are what servers read; both are committed, as Django does with its own, so that an installation needs no
compiler. `tests/web/languages/test_catalogues.py` holds them complete.

Examples:
    python -m release.messages update                  # extract, and compile, the catalogues of all apps
    python -m release.messages missing sensors         # what is not translated yet, as JSON
    python -m release.messages fill sensors some.json  # take translations from {"Save": "Speichern", ...}
"""

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE: Final = Path(__file__).parents[1] / "sensorfusion"
LANGUAGES: Final = ("de",)
# Folders that are not apps or pages of their own: the app whose catalogue has their texts.
ELSEWHERE: Final[Mapping[str, str]] = {
    "domain/alert_rules": "alerts",
    "domain": "web",
    "mail": "web",
    "server": "web",
    "config": "web",
    "events": "web",
    "outgoing": "alerts",
}
SCRIPTS: Final = "scripts"
_KEYWORDS: Final = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "pgettext_noop"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|\{\w*(?:![rs])?(?::[^}]*)?\}|</?[a-z][^>]*>")
_UNSTABLE: Final = re.compile(
    r'^(?:"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|'
    r'Generated-By): .*\n|# .*\n|#\n|#, fuzzy\n(?=msgid ""\n))',
    re.MULTILINE,
)
_NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)  # the binary form has one in its header

Key = tuple[str | None, str]  # context, singular
Call = tuple[str, list[str]]  # a function that marks texts, and the texts


class Fault(NamedTuple):
    """What is wrong with a message of a catalogue."""

    catalogue: str
    text: str
    why: str

    def __str__(self) -> str:
        return f"{self.catalogue}: {self.text!r} {self.why}"


def apps() -> list[str]:
    """List the packages that have a catalogue: those that mark texts."""
    return sorted({_app_of(path) for path in _sources() if messages_in(path)})


@cache
def messages_in(path: Path) -> tuple[Message, ...]:
    """Extract the messages that a module or a template marks."""
    text = path.read_text(encoding="utf-8")
    read = {".py": _calls, ".js": _literals}.get(path.suffix, _tags)
    name = path.relative_to(PACKAGE.parent).as_posix()
    return tuple(_message(function, given, name) for function, given in read(text) if given["pgettext" in function :])


def _calls(module: str) -> Iterator[Call]:
    """Find the marked texts of a module, also within f-strings, which Babel's reader does not see in Python 3.11."""
    tree = ast.parse(module) if "gettext" in module else ast.Module(body=[], type_ignores=[])
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS:
            given = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            yield node.func.id, given


def _tags(template: str) -> Iterator[Call]:
    """Find the marked texts of a template."""
    text = " ".join(templatize(template).split())  # on one line, since indents mean nothing
    for _, function, arguments, _ in extract_python(BytesIO(text.encode()), _KEYWORDS, [], {"encoding": "utf-8"}):
        yield str(function), list(_texts(arguments))


def _literals(script: str) -> Iterator[Call]:
    """Find the marked texts of a script."""
    # Here, since it reads the settings that `main` makes.
    from sensorfusion.web.languages.scripts import messages_of

    for context, text in messages_of(script):
        yield ("gettext", [text]) if context is None else ("pgettext", [context, text])


def _message(function: str, given: list[str], name: str) -> Message:
    context = given[0] if "pgettext" in function else None
    texts = tuple(given[context is not None :][: 2 if function.startswith("n") else 1])
    return Message(texts if len(texts) > 1 else texts[0], context=context, locations=[(name, 0)])


def extracted(app: str) -> Catalog:
    """Return a catalogue of all messages of an app, without translations."""
    catalogue = Catalog()
    for path in _sources():
        if _app_of(path) == app:
            for each in messages_in(path):
                catalogue.add(each.id, locations=each.locations, context=each.context)
    return catalogue


def path_of(app: str, language: str) -> Path:
    app, name = ("web", "djangojs") if app == SCRIPTS else (app, "django")
    return PACKAGE / app / "locale" / language / "LC_MESSAGES" / f"{name}.po"


def stored(app: str, language: str) -> Catalog:
    path = path_of(app, language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(app: str, language: str) -> None:
    """Extract an app's messages into its catalogue, keep what is translated, drop what is not used, and compile it."""
    catalogue = stored(app, language)
    catalogue.update(extracted(app), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(catalogue, path_of(app, language))


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue and its binary form. The same messages always give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.fuzzy = False
    output = BytesIO()
    write_po(output, catalogue, width=120, sort_output=True, include_lineno=False)
    path.write_text(_UNSTABLE.sub("", output.getvalue().decode()).lstrip(), encoding="utf-8")
    path.with_suffix(".mo").write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    output = BytesIO()
    write_mo(output, catalogue)
    return output.getvalue()


def fill(app: str, language: str, given: Mapping[str, str | list[str]]) -> list[str]:
    """Take translations by their text, or by "context|text"; return those that the app has no message for."""
    catalogue = stored(app, language)
    left = dict(given)
    for message in _messages(catalogue):
        for name in _names(message):
            if name in left:
                value = left.pop(name)
                message.string = tuple(value) if isinstance(value, list) else value
                break
    write(catalogue, path_of(app, language))
    return list(left)


def missing(app: str, language: str) -> dict[str, str | list[str]]:
    """Return what is not translated, in the form that `fill` takes."""
    return {_names(each)[0]: _empty(each) for each in _messages(stored(app, language)) if not _is_translated(each)}


def faults(app: str, language: str) -> Iterator[Fault]:
    """Say what is wrong with a catalogue: messages that miss, are not used, not translated, or hold other values."""
    name, catalogue = f"{app}/{language}", stored(app, language)
    wanted, there = _by_key(extracted(app)), _by_key(catalogue)
    for key in sorted(wanted.keys() - there.keys(), key=str):
        yield Fault(name, key[1], "is not in the catalogue: run python -m release.messages update")
    for key in sorted(there.keys() - wanted.keys(), key=str):
        yield Fault(name, key[1], "is not used any more: run python -m release.messages update")
    for key, message in there.items():
        if not _is_translated(message):
            yield Fault(name, key[1], "is not translated")
        elif not _holds_the_same(message, app):
            yield Fault(name, key[1], f"and its translation {message.string!r} hold other values or tags")
    binary = path_of(app, language).with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(catalogue):
        yield Fault(name, binary.name, "is not of this catalogue: run python -m release.messages update")


def _sources() -> list[Path]:
    patterns = ("*.py", "templates/**/*.html", "templates/**/*.txt", "static/js/**/*.js")
    found = [path for each in patterns for path in PACKAGE.rglob(each)]
    return sorted(path for path in found if "migrations" not in path.parts)


def _app_of(path: Path) -> str:
    if path.suffix == ".js":
        return SCRIPTS
    inside = path.relative_to(PACKAGE).as_posix()
    return next((app for folder, app in ELSEWHERE.items() if inside.startswith(f"{folder}/")), inside.split("/")[0])


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (each for each in catalogue if each.id)


def _by_key(catalogue: Catalog) -> dict[Key, Message]:
    return {(each.context, _texts(each.id)[0]): each for each in _messages(catalogue)}


def _names(message: Message) -> list[str]:
    text = _texts(message.id)[0]
    return [f"{message.context}|{text}"] if message.context else [text]


def _texts(given: str | Sequence[str] | None) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ())


def _empty(message: Message) -> str | list[str]:
    return "" if isinstance(message.id, str) else ["", ""]


def _is_translated(message: Message) -> bool:
    return bool(message.string) and all(_texts(message.string)) and not message.fuzzy


def _holds_the_same(message: Message, app: str) -> bool:
    """Return whether a translation has the values of its message. One in a script may do without some."""
    wanted, found = _placeholders(message.id), _placeholders(message.string)
    return found <= wanted if app == SCRIPTS else found == wanted


def _placeholders(given: str | Sequence[str] | None) -> set[str]:
    """Return the values and tags of a message. A plural's one may leave out the number."""
    return set(_PLACEHOLDER.findall(_texts(given)[-1]))


def main(arguments: list[str]) -> int:
    settings.configure(USE_I18N=False)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("update", "missing", "fill", "check"))
    parser.add_argument("apps", nargs="*", help="all of them, if none is named")
    parser.add_argument("--language", default=LANGUAGES[0])
    given = parser.parse_args(arguments)
    if given.action == "fill":
        app, file = given.apps
        unknown = fill(app, given.language, json.loads(Path(file).read_text(encoding="utf-8")))
        print(*(f"not a message of {app}: {each!r}" for each in unknown), sep="\n")
        return 0
    chosen = given.apps or apps()
    if given.action == "update":
        for app in chosen:
            update(app, given.language)
    if given.action == "missing":
        found = {key: value for app in chosen for key, value in missing(app, given.language).items()}
        print(json.dumps(found, ensure_ascii=False, indent=1))
    wrong = [str(each) for app in chosen for each in faults(app, given.language)] if given.action == "check" else []
    print(*wrong, sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
