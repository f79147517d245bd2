"""The rule of who may see what is written once, in a view; nothing else asks the table of memberships."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

PACKAGE: Final = Path(__file__).parents[2] / "sensorfusion"

MAY_NAME_MEMBERSHIPS: Final = {
    "accounts/admin.py": "the administrator's view of the table itself",
    "accounts/models.py": "defines the table",
    "accounts/pages.py": "the place of the first site, for the sky over the sign-in page",
    "sensors/admin.py": "the administrator's view of the table itself",
    "sensors/closing/plan.py": "shows who else is a member of a site that a closed account leaves",
    "sensors/erasure.py": "announces to each member of a deleted site that their right has ended",
    "sensors/serializers.py": "shows a member in the API",
    "sensors/sites/invitations.py": "returns the membership that an invitation became",
    "sensors/sites/membership.py": "lists members and writes memberships",
}
MAY_COMPARE_ROLES: Final = {
    "sensors/sites/membership.py": "a site keeps one owner",
}
_ROLES: Final = {"owner", "editor", "viewer"}
_NAMED: Final = re.compile(r"accounts_membership|\bmemberships?(__|\b(?=\W*(JOIN|WHERE)))", re.IGNORECASE)
MODULES: Final = sorted(
    str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts
)


def names_memberships(source: str) -> bool:
    """Whether a module imports the model, follows a relation to it, or names its table in SQL."""
    tree = ast.parse(source)
    return any(_is_membership(node) for node in ast.walk(tree)) or bool(_NAMED.search(_without_docstrings(tree)))


def _is_membership(node: ast.AST) -> bool:
    match node:
        case ast.ImportFrom():
            return any(alias.name == "Membership" for alias in node.names)
        case ast.Attribute():
            return node.attr in {"Membership", "memberships", "membership_set"}
        case ast.Constant(value="memberships" | "Membership" | "accounts.Membership"):
            return True
    return isinstance(node, ast.keyword) and "memberships" in str(node.arg).split("__")


def compares_roles(source: str) -> bool:
    """Whether a module decides by a role, in place of by `may_edit` and `may_own`."""
    comparisons = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare))
    return any(_is_role(node) for comparison in comparisons for node in ast.walk(comparison))


def _is_role(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id == "Role" and node.attr.lower() in _ROLES
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _ROLES


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
        'Count("memberships")',
        "models.Membership.objects.all()",
        'apps.get_model("accounts", "Membership")',
    ],
)
def test_every_way_to_ask_for_memberships_is_found(source: str) -> None:
    assert names_memberships(source)


def test_other_words_are_not_taken_for_it() -> None:
    assert not names_memberships('"""Membership alone decides."""\nfrom a import members\nmembers(site)')


def test_rights_are_asked_of_the_view() -> None:
    naming = {module for module in _containing("membership") if names_memberships(_source(module))}

    assert naming == MAY_NAME_MEMBERSHIPS.keys(), "read SiteRight or SensorRight (sensors/rights/models.py)"


@pytest.mark.parametrize(
    "source", ["role is Role.OWNER", "role in (Role.OWNER, Role.EDITOR)", 'site.role != "viewer"', '"editor" in roles']
)
def test_decisions_by_a_role_are_found(source: str) -> None:
    assert compares_roles(source)


@pytest.mark.parametrize("source", ["join(role=Role.OWNER)", "role is None", "choices = Role.choices"])
def test_roles_may_be_written_and_shown(source: str) -> None:
    assert not compares_roles(source)


def test_only_the_view_says_what_a_role_may_do() -> None:
    comparing = {
        module for module in _containing("role", "owner", "editor", "viewer") if compares_roles(_source(module))
    }

    assert comparing == MAY_COMPARE_ROLES.keys(), "read may_edit or may_own"


def test_every_exception_is_a_module() -> None:
    assert (MAY_NAME_MEMBERSHIPS | MAY_COMPARE_ROLES).keys() <= set(MODULES)


def _source(module: str) -> str:
    return (PACKAGE / module).read_text(encoding="utf-8")


def _containing(*words: str) -> list[str]:
    """Return the modules worth parsing, which takes seconds for all."""
    return [module for module in MODULES if any(word in _source(module).lower() for word in words)]
