import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.texts.folding import LONGEST, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EUI-70B3", "eui-70b3"),
        ("admın", "ADMIN"),
        ("ſusan", "Susan"),
        ("İstanbul", "istanbul"),
        ("ﬁeld", "FIELD"),
        ("Straße", "STRASSE"),
        ("green\u200bhouse", "greenhouse"),
        ("green \t house ", "Green house"),
        ("e\u0301", "É"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("shed 1", "shed 2"), ("é", "e"), ("a-b", "a_b"), ("\u200b", "")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing_and_fits_an_index(text: str) -> None:
    folded = fold(text)

    assert fold(folded) == folded
    assert len(folded) <= LONGEST


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50))
def test_upper_and_lower_case_fold_alike_where_unicode_maps_back(text: str) -> None:
    assert fold(text.casefold()) == fold(text)
