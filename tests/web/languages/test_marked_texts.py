"""What is marked in scripts is found whatever is around it, and nothing else."""

import pytest

from sensorfusion.web.importmap import MODULES, source
from sensorfusion.web.languages.marked_texts import Mark, Number, Text, marks_of, texts_of
from sensorfusion.web.scripts import OURS
from tests.web.programs import calls, tagged

NAMES = sorted(each for each in MODULES if each.startswith(OURS))


def messages(code: str) -> list[tuple[str | None, str]]:
    return [(each.context, each.message) for each in texts_of(code)]


def numbers(marks: tuple[Mark, ...]) -> list[tuple[int, int]]:
    found = []
    for each in marks:
        if isinstance(each, Number):
            found += [(each.start, each.end), *numbers(each.marks)]
        else:
            found += [place for hole in each.holes for place in numbers(hole.marks)]
    return sorted(found)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("a = gettext`Save`;", [(None, "Save")]),
        ("a = gettext`Between ${low} and ${high}`;", [(None, "Between {low} and {high}")]),
        ("a = gettext`${spanText(seconds)} ago`;", [(None, "{0} ago")]),
        ("a = gettext`${f(a)} of ${b} in ${f(c)}, ${f(a)}`;", [(None, "{0} of {b} in {1}, {0}")]),
        ("a = gettext`${count}${NBSP}h`;", [(None, "{count}\u00a0h")]),
        ('a = pgettext("of a door")`open`;', [("of a door", "open")]),
        (r"a = gettext`10\u00a0% \`of\` \$it \\ \x41\u{42}`;", [(None, "10\u00a0% `of` $it \\ AB")]),
        ("a = gettext`a ${{ b: `}` }.b} c`;", [(None, "a {0} c")]),
        ("a = gettext`a ${f(gettext`b ${c}`, '`')} d`;", [(None, "a {0} d"), (None, "b {c}")]),
        ("a = `x ${b ? gettext`c` : `${gettext`d`}`} y`;", [(None, "c"), (None, "d")]),
        ("a = decimal(f(gettext`b`));", [(None, "b")]),
        ("a = x / 2; b = gettext`c`; d = e / 3;", [(None, "c")]),
        ("a = (b) / 2 + gettext`c` / 3;", [(None, "c")]),
        ("a = b[0] / gettext`c`; // gettext`d`", [(None, "c")]),
        (r"""a = /["'`/]\/[/`]/.test(gettext`b`);""", [(None, "b")]),
        ("a = (each) => /`/.test(each) && gettext`b`;", [(None, "b")]),
        ("function f() { return /`/.test(x) ? gettext`b` : ''; }", [(None, "b")]),
        ("a = \"gettext`b`\" + 'it\\'s `' + gettext`c`;", [(None, "c")]),
        ("/* gettext`a` ` */ b = gettext`c`;", [(None, "c")]),
        ("a = `gettext`; b = c.gettext`d`; e = mygettext`f`; g = this.#gettext`h`;", []),
        ('a = gettext("b"); c = pgettext("d", "e");', []),
        ("a = gettext`// b /* ${c} */`; d = gettext`e`;", [(None, "// b /* {c} */"), (None, "e")]),
    ],
)
def test_texts_are_found_whatever_is_around_them(code: str, found: list[tuple[str | None, str]]) -> None:
    assert messages(code) == [(context, text) for context, text in found]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("a = gettext`b ${c", "not closed"),
        ("a = gettext`b", "not closed"),
        ("a = `b ${c}", "not closed"),
        ("f(gettext`a`", "not closed"),
        ("a = decimal(b", "not closed"),
        ("} a = gettext`b`", "closed before it was opened"),
    ],
)
def test_code_that_is_not_whole_is_refused(code: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        marks_of(code)


def test_a_text_may_have_no_braces_of_its_own() -> None:
    (text,) = texts_of("a = gettext`b {c}`;")

    with pytest.raises(ValueError, match="a brace"):
        text.message  # noqa: B018  # it is a property


def test_numbers_are_found_with_their_brackets() -> None:
    code = "const a = (b) => decimal(b < 0 ? ')' : f(decimal(c)));"

    assert [code[start:end] for start, end in numbers(marks_of(code))] == [
        "decimal(b < 0 ? ')' : f(decimal(c)))",
        "decimal(c)",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_module_has_the_marks_of_its_syntax_tree(name: str) -> None:
    text = source(name)
    in_bytes = [len(text[:at].encode()) for at in range(len(text) + 1)]

    found = sorted((in_bytes[each.start], in_bytes[each.end]) for each in texts_of(text))
    wanted = [(start, end) for start, end, tag in tagged(text) if tag.startswith(("gettext", "pgettext("))]

    assert found == wanted
    assert [(in_bytes[start], in_bytes[end]) for start, end in numbers(marks_of(text))] == calls(text, "decimal")


def test_marks_are_of_these_two_kinds() -> None:
    assert [type(each) for each in marks_of("f(gettext`a`, decimal(b));")] == [Text, Number]
