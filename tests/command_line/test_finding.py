"""How a finding is printed."""

from sensorfusion.command_line.finding import Finding


def test_fault_is_printed_with_its_remedy_below() -> None:
    assert str(Finding("Redis answers")) == "✓ Redis answers"
    assert str(Finding("Redis does not answer", "Start it.")) == "✗ Redis does not answer\n  → Start it."
