"""The quick half of the siege is one of each kind, and is judged by shares and sizes."""

import pytest

from benchmarks.siege import ATTACKS, MOST_MEMORY_MIB, QUICK, Beside, Took

QUIET = Took(Beside([1.0] * 40), 0.1, 1.0)


def test_quick_attacks_are_a_part_of_all() -> None:
    assert set(QUICK) < ATTACKS.keys()


@pytest.mark.parametrize(
    ("took", "is_survived"),
    [
        (Took(Beside([900.0] * 4), 9.0, 10.0), True),  # slow, and answered
        (Took(Beside([1.0] * 3), 0.1, 1.0), False),  # hardly answered
        (Took(Beside([1.0] * 40, failures=1), 0.1, 1.0), False),
        (Took(Beside([1.0] * 40), 0.1, MOST_MEMORY_MIB + 1), False),
    ],
)
def test_an_attack_is_survived_if_others_are_answered_and_memory_is_bounded(took: Took, is_survived: bool) -> None:
    assert took.is_survived(QUIET) is is_survived
