"""The scripts of a page are joined into one file with the same behaviour. (Their own tests are in `tests/js`.)"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from gzip import compress

import pytest

from sensorfusion.web.importmap import LATER, MODULES, PAGES, imports_of, needed_by, source
from sensorfusion.web.languages.scripts import ENGLISH, in_language, languages
from sensorfusion.web.scripts import OURS, joined, minified, run_order
from tests.patience import PATIENCE_S
from tests.plugins.budgets import Within
from tests.web.programs import program


def node(
    *arguments: str, text: str | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    found = shutil.which("node")
    if found is None and not os.environ.get("CI"):
        pytest.skip("no Node found; install one to test the pages' JavaScript")
    assert found, "no Node found"
    return subprocess.run(
        [found, *arguments],
        input=text,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def test_modules_run_in_the_order_of_their_imports() -> None:
    modules = {
        "sf/page": 'import "sf/a";\nimport { b } from "sf/b";\n',
        "sf/a": 'import { b } from "sf/b";\n',
        "sf/b": 'import other from "other";\nexport const b = 1;\n',
    }

    assert run_order("sf/page", read=modules.__getitem__) == ["sf/b", "sf/a", "sf/page"]


def test_joined_modules_do_what_they_did_apart() -> None:
    modules = {
        "sf/page": 'import { twice } from "sf/a";\nimport { Counter,\n  START } from "sf/b";\n'
        "const step = 1; // of its own\nconsole.log(twice(START), new Counter().step, step);\n",
        "sf/a": 'import { START } from "sf/b";\n\n/** Doubles. */\nexport function twice(n) {\n'
        "  const step = START;\n  return n + step;\n}\n",
        "sf/b": "const step = 7;\nexport const START = 20;\nexport class Counter {\n  step = step;\n}\n",
    }

    run = node("--input-type=module", "-", text=joined("sf/page", read=modules.__getitem__))

    assert run.stdout == "40 7 1\n", run.stderr


def test_a_joined_module_has_the_exports_of_its_entry() -> None:
    modules = {
        "sf/later": 'import { b } from "sf/b";\nexport function twice(n) {\n  return n + b;\n}\n',
        "sf/b": "export const b = 7;\n",
    }

    run = node("--input-type=module", "-", text=joined("sf/later", read=modules.__getitem__) + "console.log(twice(1));")

    assert run.stdout == "8\n", run.stderr
    assert "export { twice };" in joined("sf/later", read=modules.__getitem__)


def test_names_that_a_module_does_not_export_are_its_own() -> None:
    modules = {
        "sf/page": 'import { a } from "sf/a";\nimport { b } from "sf/b";\nconsole.log(a(), b, typeof own);\n',
        "sf/a": "export function a() {\n  return own;\n}\nconst own = 1;\n",
        "sf/b": "export const b = typeof own;\n",
    }

    run = node("--input-type=module", "-", text=joined("sf/page", read=modules.__getitem__))

    assert run.stdout == "1 undefined undefined\n", run.stderr


def test_two_modules_may_not_export_the_same_name() -> None:
    modules = {"sf/page": 'import "sf/a";\nexport const a = 1;\n', "sf/a": "export const a = 2;\n"}

    with pytest.raises(ValueError, match="more than one module: a"):
        joined("sf/page", read=modules.__getitem__)


def test_minifying_keeps_what_only_looks_like_space_or_a_comment() -> None:
    code = (
        'const a = "http://x // y"; // why\n  // whole line\n/** Says so. */\n\nconst b = `/* no */  ${a + +a - -1}`;\n'
        "const c = /[ /]  \\/ /.test(a / b / 2);\nclass D {\n  static #one = 1; // it's\n  one = D.#one;\n}\n"
        "console.log(a, b, c, new D().one);\n"
    )

    short = joined("sf/page", read={"sf/page": code}.__getitem__)

    assert len(short) < len(code)
    assert "why" not in short
    apart, together = (node("--input-type=module", "-", text=text).stdout for text in (code, short))
    assert apart == together == "http://x // y /* no */  NaN false 1\n"


@pytest.mark.parametrize("language", [ENGLISH, *languages()])
@pytest.mark.parametrize("name", sorted(each for each in MODULES if each.startswith(OURS)))
def test_minified_module_is_the_same_program(name: str, language: str) -> None:
    text = in_language(source(name), language)

    assert program(minified(text)) == program(text)


@pytest.mark.parametrize(
    "code", ["const a = `${b ? `; now  ${b}` : ''}.`;", "const a = list.map((each) => /a  b/.test(each));"]
)
def test_program_tells_where_minifying_changes_what_a_module_does(code: str) -> None:
    """Ensures that the test above fails for each of these constructs."""
    assert program(minified(code)) != program(code)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_can_be_joined(page: str) -> None:
    text = joined(page, read=source)

    assert re.findall(r'^import .*"(.*)";$', text, re.MULTILINE) in ([], ["uplot"])
    assert not re.search(r"^export ", text, re.MULTILINE)
    assert node("--check", "--input-type=module", "-", text=text).stderr == ""


@pytest.mark.parametrize("name", LATER)
def test_every_module_for_later_can_be_joined(name: str) -> None:
    text = joined(name, read=source)

    assert not re.search(r"^import ", text, re.MULTILINE)
    assert node("--check", "--input-type=module", "-", text=text).stderr == ""


def test_modules_for_later_are_those_that_are_imported_on_use() -> None:
    on_use = {each for name in MODULES for each in imports_of(MODULES[name])} - {
        each for name in MODULES for each in needed_by(name)
    }

    assert on_use == set(LATER)


@pytest.mark.parametrize("name", LATER)
def test_a_module_for_later_brings_no_second_copy_of_what_the_page_shares(name: str) -> None:
    """Joined, it has its own copies of the modules it needs: a second store or clock would not be the page's."""
    brought = "".join(source(each) for each in needed_by(name))

    assert not re.search(r"^export const \w+ = new ", brought, re.MULTILINE)
    assert "customElements.define" not in brought


def test_the_report_page_keeps_to_its_budget_of_scripts(within: Within) -> None:
    ours = len(compress(joined("sf/page-sensor", read=source).encode()))
    library = len(compress(source("uplot").encode()))

    within("bytes of our scripts of a sensor's page", ours, 38.5 * 1024)
    within("bytes of all scripts of a sensor's page", ours + library, 60 * 1024)
