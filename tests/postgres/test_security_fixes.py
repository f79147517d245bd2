"""What a server of a given version lacks."""

import pytest

from sensorfusion.postgres.security_fixes import FIXED_IN, missing


@pytest.mark.parametrize("major", FIXED_IN)
def test_release_before_the_fix_lacks_it_and_the_release_with_it_does_not(major: int) -> None:
    fixed, cve = FIXED_IN[major]

    assert missing(major * 10_000 + fixed - 1) == f"security fixes up to {major}.{fixed} (such as {cve})"
    assert missing(major * 10_000 + fixed) == ""


def test_unknown_major_version_is_not_judged() -> None:
    assert missing(190_000) == ""
