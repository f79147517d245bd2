"""The rule of who may see what is written once, in a view; nothing else asks the table of memberships."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

PACKAGE: Final = Path(__file__).parents[2] / "sensorfusion"

MAY_NAME_MEMBERSHIPS: Final = {
    "accounts/admin.py": "the administrator's view of the table itself",
    "accounts/pages.py": "the place of the first site, for the sky over the sign-in page",
    "sensors/admin.py": "the administrator's view of the table itself",
    "sensors/erasure.py": "announces to each member of a deleted site that their right has ended",
    "sensors/queries.py": "lists the members of a site, for its members",
    "sensors/serializers.py": "shows a member in the API",
    "sensors/services.py": "closes an account: the sites that would be left without an owner",
    "sensors/sites/api.py": "reads and changes the members of a site",
    "sensors/sites/member_pages.py": "reads and changes the members of a site",
    "sensors/sites/membership.py": "writes memberships",
}
_NAMED: Final = re.compile(r"accounts_membership|\bmemberships?(__|\b(?=\W*(JOIN|WHERE)))", re.IGNORECASE)
MODULES: Final = sorted(
    str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts
)


def names_memberships(source: str) -> bool:
    """Whether a module imports the model, follows a relation to it, or names its table in SQL."""
    tree = ast.parse(source)
    return any(_is_membership(node) for node in ast.walk(tree)) or bool(_NAMED.search(_without_docstrings(tree)))


def _is_membership(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return any(alias.name == "Membership" for alias in node.names)
    if isinstance(node, ast.Attribute):
        return node.attr in {"memberships", "membership_set"}
    return isinstance(node, ast.keyword) and bool(node.arg) and "memberships" in str(node.arg).split("__")


def _without_docstrings(tree: ast.Module) -> str:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return "\n".join(str(node.value) for node in texts if id(node) not in docstrings)


@pytest.mark.parametrize(
    "source",
    [
        "from sensorfusion.accounts.models import Membership",
        "Site.objects.filter(memberships__operator=operator)",
        "Sensor.objects.filter(site__memberships__role='owner')",
        "site.memberships.all()",
        'X = "SELECT 1 FROM accounts_membership m"',
        'F("memberships__role")',
    ],
)
def test_every_way_to_ask_for_memberships_is_found(source: str) -> None:
    assert names_memberships(source)


def test_other_words_are_not_taken_for_it() -> None:
    assert not names_memberships('"""Membership alone decides."""\nfrom a import members\nmembers(site)')


@pytest.mark.parametrize("module", MODULES)
def test_rights_are_asked_of_the_view(module: str) -> None:
    named = names_memberships((PACKAGE / module).read_text(encoding="utf-8"))

    assert named == (module in MAY_NAME_MEMBERSHIPS), "read SiteRight or SensorRight (sensors/rights/models.py)"
