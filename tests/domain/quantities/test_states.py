import pytest

from sensorfusion.domain.quantities.states import states_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("door_open", ("closed", "open")),
        ("door_open.garage", ("closed", "open")),
        ("freezer_door", ("closed", "open")),
        ("circulationPump", ("off", "on")),
        ("leak", ("dry", "leak")),
        ("door_closed", None),
        ("rain_detected", None),
    ],
)
def test_yes_and_no_have_words_of_their_own(name: str, words: tuple[str, str] | None) -> None:
    assert states_of(name) == words
