"""The table of readings is named by `readings.stored` alone, so that how readings are stored can change there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

PACKAGE: Final = Path(__file__).parents[2] / "sensorfusion"

# Programs that run elsewhere, and history that is never changed.
NOT_OURS: Final = ("clients/", "/migrations/")
DOOR: Final = "readings/stored/"
EXCEPTIONS: Final = {
    "readings/models.py": "names the table for migrations, and for deleting a sensor with its readings"
}

_BEFORE: Final = "FROM|JOIN|INTO|UPDATE|USING|ONLY|TABLE|COPY|LIKE|TRUNCATE|ANALYZE|VACUUM|LATERAL|EXISTS"
# The table or a month's after a word of SQL, as the name of a class, or by itself as an identifier.
_SQL: Final = re.compile(
    rf"""\b({_BEFORE})\s+"?reading(_\d+)*"?\b(?!\s+(of|from|that|is|in)\b)|'reading'|\breading_(\d|\[|%)|^"?reading"?$""",
    re.MULTILINE,
)
_STATEMENT: Final = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|COPY|ALTER|CREATE|LOCK|ANALYZE|VACUUM|TRUNCATE|FROM)\b")
_ENDS: Final = {
    "models": {"Reading"},
    "Reading": {"objects"},
    "readings": {"filter", "exclude", "all", "exists", "aggregate", "order_by", "values_list"},  # of a sensor
}


def uses_of_the_table(source: str) -> list[str]:
    """Return what in a module asks the table of readings, or changes it."""
    tree = ast.parse(source)
    said = _prose(tree)
    return [*_statements(tree, said), *_by_the_orm(tree)]


def _prose(tree: ast.AST) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, owners) and node.body]
    return {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}


def _statements(tree: ast.AST, said: set[int]) -> Iterator[str]:
    identifiers = {id(each) for node in ast.walk(tree) for each in _identifiers(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in said:
            continue
        found = _SQL.search(node.value)
        if found and (id(node) in identifiers or _STATEMENT.search(node.value)):
            yield found[0]


def _identifiers(node: ast.AST) -> list[ast.expr]:
    return node.args if isinstance(node, ast.Call) and _name(node.func) == "Identifier" else []


def _by_the_orm(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "sensorfusion.readings.models":
            yield from (each.name for each in node.names if each.name == "Reading")
        if isinstance(node, ast.Attribute) and node.attr in _ENDS.get(_name(node.value), ()):
            yield ast.unparse(node)
        if isinstance(node, ast.keyword) and (node.arg or "").startswith("readings__"):
            yield str(node.arg)


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def modules() -> list[str]:
    found = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")]
    return sorted(name for name in found if not any(part in f"/{name}" for part in NOT_OURS))


def test_only_the_door_names_the_table_of_readings() -> None:
    elsewhere = {
        name: found
        for name in modules()
        if not name.startswith(DOOR) and (found := uses_of_the_table((PACKAGE / name).read_text()))
    }

    assert not {name: found for name, found in elsewhere.items() if name not in EXCEPTIONS}, "ask readings.stored"
    assert elsewhere.keys() <= EXCEPTIONS.keys()


def test_the_door_itself_is_found_by_this_check() -> None:
    found = {name for name in modules() if name.startswith(DOOR) and uses_of_the_table((PACKAGE / name).read_text())}

    assert found >= {f"{DOOR}{name}.py" for name in ("selection", "writes", "partitions", "months", "bulk")}


@pytest.mark.parametrize(
    "source",
    [
        'A = "SELECT 1 FROM reading"',
        'A = f"SELECT {b} FROM reading AS r WHERE {c}"',
        'A = """\nSELECT * FROM asked\nJOIN reading USING (sensor_id)\n"""',
        'A = "UPDATE reading SET seq = 1"',
        'A = "COPY reading FROM STDIN"',
        'A = "SELECT FROM reading_2026_11"',
        "A = \"SELECT relid FROM pg_partition_tree('reading')\"",
        'A = sql.Identifier("reading")',
        "from sensorfusion.readings.models import Reading",
        "from sensorfusion.readings import models\nmodels.Reading.objects.all()",
        "sensor.readings.filter(seq=1)",
        "Sensor.objects.filter(readings__seq=1)",
    ],
)
def test_every_way_to_the_table_is_found(source: str) -> None:
    assert uses_of_the_table(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""Read FROM reading, as SELECT does."""',
        'A = "INSERT INTO rollup_5m SELECT 1"',
        'A = "reading"',
        "from sensorfusion.readings.models import SensorState",
        'A = "from reading the message"',
        "sum(each.readings.values())",
    ],
)
def test_what_is_not_the_table_is_left_alone(source: str) -> None:
    assert not uses_of_the_table(source)
