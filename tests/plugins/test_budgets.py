"""A cost above its budget fails, and each is printed."""

import pytest

from tests.plugins.budgets import Within


def test_a_cost_within_its_budget_is_noted(within: Within, request: pytest.FixtureRequest) -> None:
    within("bytes of an example", 10, 10)

    assert ("budget", ("bytes of an example", 10, 10)) in request.node.user_properties
    request.node.user_properties.remove(("budget", ("bytes of an example", 10, 10)))


def test_a_cost_above_its_budget_fails(within: Within, request: pytest.FixtureRequest) -> None:
    with pytest.raises(AssertionError, match="bytes of an example"):
        within("bytes of an example", 11, 10)
    request.node.user_properties.remove(("budget", ("bytes of an example", 11, 10)))
