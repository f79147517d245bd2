"""Templates are readable: short lines, one element a line. The linters check the rest (`.ci/check`)."""

import re
from pathlib import Path
from typing import Final

import pytest
from django.template import engines

import sensorfusion
from sensorfusion.web.whitespace import condense

PACKAGE: Final = Path(sensorfusion.__file__).parent
# Not the examples (.txt): their lines are shown unchanged, to be copied.
PAGES: Final = sorted(PACKAGE.glob("**/templates/**/*.html"))
WIDTH: Final = 120
# They are blocks, so white space beside them is not shown.
_BLOCKS: Final = (
    "div|section|header|main|nav|form|fieldset|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|h1|h2|h3|p|option"
)
_TWO_BLOCKS: Final = re.compile(rf"</({_BLOCKS})>\s*<({_BLOCKS})\b")
_UNTOUCHED: Final = re.compile(r"<(pre|textarea|script|style)\b.*?</\1>", re.DOTALL)


def name(template: Path) -> str:
    return template.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("template", PAGES, ids=name)
def test_no_line_is_too_long(template: Path) -> None:
    lines = template.read_text(encoding="utf-8").splitlines()

    assert [number for number, line in enumerate(lines, 1) if len(line) > WIDTH] == []


@pytest.mark.parametrize("template", PAGES, ids=name)
def test_no_line_has_two_elements_that_stand_for_themselves(template: Path) -> None:
    assert [line for line in template.read_text(encoding="utf-8").splitlines() if _TWO_BLOCKS.search(line)] == []


@pytest.mark.parametrize("template", PAGES, ids=name)
def test_what_is_sent_has_no_indentation_and_every_untouched_element(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    sent = condense(source)

    assert not re.search(r"\n|  ", _UNTOUCHED.sub("", sent))
    assert [each[0] for each in _UNTOUCHED.finditer(sent)] == [each[0] for each in _UNTOUCHED.finditer(source)]
    assert condense(sent) == sent


@pytest.mark.parametrize("template", PAGES, ids=name)
def test_every_template_compiles(template: Path) -> None:
    engines["django"].get_template(template.as_posix().rpartition("/templates/")[2])
