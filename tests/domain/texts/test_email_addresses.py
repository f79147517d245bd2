import pytest

from sensorfusion.domain.texts.email_addresses import BadAddress, canonical, email_key


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (" Ada@Example.ORG ", "Ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_stored_with_its_domain_in_ascii(given: str, stored: str) -> None:
    assert canonical(given) == stored


@pytest.mark.parametrize(
    "given",
    ["admın@example.org", "ſusan@example.org", "ada@straße.example", "ada@", "@example.org", "ada", "a@.."],
)
def test_an_address_that_may_be_read_differently_is_refused(given: str) -> None:
    with pytest.raises(BadAddress):
        canonical(given)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Admin@example.org", "admin@EXAMPLE.org"),
        ("admın@t.example", "admin@t.example"),
        ("ſusan@corp.example", "susan@corp.example"),
        ("ada@bücher.example", "ADA@xn--bcher-kva.example"),
        ("ada@ſhop.example", "ada@shop.example"),
    ],
)
def test_addresses_that_people_take_for_one_have_one_key(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize("text", ["", "@", "no address", "\0", "\ud800", "a@\ud800", "x" * 5000])
def test_any_text_has_a_key(text: str) -> None:
    assert isinstance(email_key(text), str)
