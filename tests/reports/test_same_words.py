import ast
import inspect
import re
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from sensorfusion.domain import counters, gaps, liveness, local_time
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.weather import derived, sun, wind
from sensorfusion.reports import hero, sentences, words
from sensorfusion.reports import wind as compass
from sensorfusion.reports.charts import band_words, resolution
from tests.reports.same_formulas import public_functions, twins
from tests.reports.same_words import FILE, FILES, text

HAVE_DOCS: Final = (ast.Module, ast.ClassDef, ast.FunctionDef)
# Quantities the scripts do not need: they are stored, or drawn by the server alone.
OF_THE_SERVER_ALONE: Final[dict[ModuleType, set[str]]] = {
    derived: {
        "altimeter_setting",  # of what is sent on
        "absolute_humidity",
        "apparent_temperature",
        "heat_index",  # part of feels_like
        "humidex",
        "saturation_pressure",
        "sea_level_pressure",
        "vapour_pressure_deficit",
        "wind_chill",  # part of feels_like
    },
    counters: {"bridged", "hourly_rate", "increase"},
    gaps: {"durations", "usual"},  # `usual` is a part of what has a twin
    local_time: set(),
    liveness: {"learn", "next_change_at", "offline_after_s", "usual_interval_s"},
    sun: {"moon", "sun_day"},
    resolution: {"bucket_words", "with_unit"},
    band_words: set(),
    wind: {"direction_of", "rose", "sector"},
    # Intl writes what a clock shows; `later/first-day.js` counts the first readings.
    words: {"clock", "date", "doubt", "duration", "listed", "plural", "range_words", "so_far"},
}


@pytest.mark.parametrize("language", FILES)
def test_what_the_scripts_are_tested_with_is_what_the_server_says_now(language: str) -> None:
    assert FILES[language].read_text(encoding="utf-8") == text(language), (
        f"{FILES[language].name} is not current: run `make same`, then see whether tests/js/same.test.js passes"
    )


@pytest.mark.parametrize("module", OF_THE_SERVER_ALONE, ids=lambda module: module.__name__)
def test_each_formula_has_a_twin_in_the_scripts_or_is_of_the_server_alone(module: ModuleType) -> None:
    held = {twin.server for twin in twins()}

    left = {name for name, function in public_functions(module).items() if function not in held}

    assert left == OF_THE_SERVER_ALONE[module]


@pytest.mark.parametrize("user", [sentences, hero, compass], ids=lambda module: module.__name__)
def test_what_live_parts_of_the_page_are_made_with_has_a_twin(user: ModuleType) -> None:
    alone = {f"{module.__name__.rpartition('.')[2]}.{name}" for module in (derived, sun) for name in _alone(module)}

    assert not alone & _used(user)


# Modules that write sentences, and names in them that are not words.
SERVER_WORDS: Final[tuple[ModuleType, ...]] = (sentences,)
SCRIPT_WORDS: Final = ("sentences", "wind-words", "chart-words", "overview-words", "station-words")
NO_WORDS: Final = frozenset(
    ("bars", "faint", "total", "mean", "Day", "Time", "this span", "no data", "metric", "rf", "change")
)
SCRIPTS: Final = Path(sentences.__file__).parents[1] / "web/static/js/words"
_WRITTEN: Final = re.compile(r'"((?:[^"\\\\\n]|\\\\.)*)"|`((?:[^`\\\\]|\\\\.)*)`')


@pytest.mark.parametrize("module", SERVER_WORDS, ids=lambda module: module.__name__)
def test_each_word_of_the_server_is_in_an_example(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, HAVE_DOCS)}
    written = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}

    assert not _unsaid(piece for text in written - docs for piece in re.split(r"\{\w+\}", text))


@pytest.mark.parametrize("name", SCRIPT_WORDS)
def test_each_word_of_the_scripts_is_in_an_example(name: str) -> None:
    code = re.sub(
        r"/\*.*?\*/|//[^\n]*|^import[^\n]*", "", (SCRIPTS / f"{name}.js").read_text("utf-8"), flags=re.S | re.M
    )
    pieces = [piece for text in _texts(code) for piece in re.split(r"\$\{[^}]*\}+", text)]

    assert not _unsaid(pieces)


def _texts(code: str) -> list[str]:
    return ["".join(found) for found in _WRITTEN.findall(code)]


def _unsaid(written: Iterable[str]) -> set[str]:
    """Return texts with letters that neither name a quantity nor are part of any example's result."""
    said = re.sub(r"\s", " ", FILE.read_text(encoding="utf-8"))
    words = {re.sub(r"\s", " ", each).strip() for each in written}
    return {
        each
        for each in words
        if re.search(r"[a-z]", each) and each not in NO_WORDS | CATALOGUE.keys() and each not in said
    }


def _alone(module: ModuleType) -> set[str]:
    return OF_THE_SERVER_ALONE[module]


def _used(module: ModuleType) -> set[str]:
    """Return the names a module uses from others, as `derived.dew_point`."""
    nodes = ast.walk(ast.parse(inspect.getsource(module)))
    return {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
