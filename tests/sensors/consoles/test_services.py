"""Who sees which unclaimed console, and who may claim it."""

from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.accounts.attempts import take_back
from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.consoles import services as consoles
from sensorfusion.sensors.consoles.tries import CLAIMS, OPERATORS_OF_NETWORK, REGISTRATIONS, count_claim
from sensorfusion.sensors.keys.secrets import console_digest
from sensorfusion.sensors.models import Console, Sensor, UnclaimedConsole
from tests.conftest import Cast

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
PASSKEY = "34271334ED1FADA6D8B988B14267E55D"


@pytest.fixture(autouse=True)
def public_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    # Documentation addresses are not public; here they stand for public ones.
    monkeypatch.setattr(consoles, "is_public", lambda address: address in (HOME, ELSEWHERE))


@pytest.fixture
def seen(db: None) -> UnclaimedConsole:
    return UnclaimedConsole.objects.create(
        digest=console_digest(f"PASSKEY {PASSKEY}"),
        shows="PASSKEY",
        ending="E55D",
        model="GW2000A",
        door="ecowitt",
        network=HOME,
        first_seen_at=NOW,
        last_seen_at=NOW,
    )


def visible(operator: Operator, address: str, now: datetime = NOW) -> list[UnclaimedConsole]:
    return list(consoles.seen_by(operator=operator, address=address, now=now))


def claim(cast: Cast, seen: UnclaimedConsole, by: Operator, *, address: str = HOME, ending: str = "e55d") -> Console:
    sensor = cast.other_sensor if by == cast.outsider else cast.sensor
    counted = count_claim(by=by, address=address, now=NOW)
    console = consoles.claim(
        by=by, number=seen.pk, sensor=sensor, address=address, ending=ending, counted=counted, now=NOW
    )
    take_back(counted)
    return console


def refusal_of(cast: Cast, seen: UnclaimedConsole, by: Operator, **more: str) -> str:
    with pytest.raises(Refusal) as refused:
        claim(cast, seen, by, **more)
    return refused.value.code


def test_console_shows_up_for_who_is_at_its_public_address(cast: Cast, seen: UnclaimedConsole) -> None:
    assert visible(cast.owner, HOME) == [seen]
    assert visible(cast.owner, ELSEWHERE) == []


@pytest.mark.parametrize("address", ["192.168.1.7", "127.0.0.1", "172.17.0.1", "testserver", ""])
def test_address_that_everybody_may_have_shows_nobody_anything(
    cast: Cast, seen: UnclaimedConsole, address: str
) -> None:
    UnclaimedConsole.objects.update(network=address)

    assert visible(cast.owner, address) == []


def test_console_not_seen_for_a_day_is_not_shown(cast: Cast, seen: UnclaimedConsole) -> None:
    assert visible(cast.owner, HOME, NOW + timedelta(hours=25)) == []


def test_only_operator_of_an_installation_sees_all_and_claims_without_a_proof(
    cast: Cast, seen: UnclaimedConsole
) -> None:
    Operator.objects.exclude(pk=cast.owner.pk).update(is_active=False)

    assert visible(cast.owner, "192.168.1.20") == [seen]
    claim(cast, seen, cast.owner, address="192.168.1.20", ending="")

    assert bytes(Console.objects.get(sensor=cast.sensor).digest or b"") == console_digest(f"PASSKEY {PASSKEY}")


def test_claimed_console_belongs_to_the_sensor_and_is_seen_no_more(cast: Cast, seen: UnclaimedConsole) -> None:
    claim(cast, seen, cast.owner)

    sensor = Sensor.objects.get(pk=cast.sensor.pk)
    assert (sensor.model, sensor.transport, sensor.console.ending) == ("GW2000A", "console", "E55D")
    assert UnclaimedConsole.objects.count() == 0


def test_editor_may_claim_and_viewer_may_not(cast: Cast, seen: UnclaimedConsole) -> None:
    assert refusal_of(cast, seen, cast.member) == "not_allowed"
    assert claim(cast, seen, cast.editor).sensor == cast.sensor


def test_outsider_at_another_address_cannot_claim_it_whatever_they_say(cast: Cast, seen: UnclaimedConsole) -> None:
    assert refusal_of(cast, seen, cast.outsider, address=ELSEWHERE) == "unknown_console"


def test_neighbour_at_the_same_address_must_know_what_it_shows(cast: Cast, seen: UnclaimedConsole) -> None:
    assert refusal_of(cast, seen, cast.outsider, ending="0000") == "wrong_ending"
    assert refusal_of(cast, seen, cast.outsider, ending="") == "wrong_ending"


def test_endings_cannot_be_guessed_not_even_with_more_accounts(cast: Cast, seen: UnclaimedConsole) -> None:
    tries = [refusal_of(cast, seen, cast.outsider, ending=f"{n:04}") for n in range(7)]

    assert tries == ["wrong_ending"] * 5 + ["too_many_claims"] * 2
    for number in range(OPERATORS_OF_NETWORK - 1):
        other = Operator.objects.create_user(f"other{number}@example.org")
        Membership.objects.create(operator=other, site=cast.site, role=Role.EDITOR)
        assert {refusal_of(cast, seen, other, ending="0000") for _ in range(CLAIMS)} == {"wrong_ending"}
    assert refusal_of(cast, seen, cast.owner) == "too_many_claims"


def test_a_neighbour_who_guesses_does_not_keep_the_owner_out(cast: Cast, seen: UnclaimedConsole) -> None:
    for number in range(7):
        refusal_of(cast, seen, cast.outsider, ending=f"{number:04}")

    assert claim(cast, seen, cast.owner).sensor == cast.sensor


def test_claims_that_were_right_are_not_counted(cast: Cast, seen: UnclaimedConsole) -> None:
    for _ in range(CLAIMS + 1):
        claim(cast, seen, cast.owner)
        seen.save(force_insert=True)
        consoles.release(by=cast.owner, sensor=cast.sensor)


def test_console_sends_for_one_sensor_only(cast: Cast, seen: UnclaimedConsole) -> None:
    consoles.register_passkey(by=cast.outsider, sensor=cast.other_sensor, passkey=PASSKEY, address=HOME, now=NOW)
    again = UnclaimedConsole.objects.create(
        digest=console_digest(f"PASSKEY {PASSKEY}"), shows="PASSKEY", ending="E55D", door="ecowitt", network=HOME,
        last_seen_at=NOW,
    )  # fmt: skip

    assert refusal_of(cast, again, cast.owner) == "console_taken"


@pytest.mark.parametrize("passkey", [PASSKEY, PASSKEY.lower(), f" {PASSKEY} "])
def test_passkey_is_registered_as_a_digest_however_it_is_written(
    cast: Cast, passkey: str, seen: UnclaimedConsole
) -> None:
    console = consoles.register_passkey(by=cast.owner, sensor=cast.sensor, passkey=passkey, address=HOME, now=NOW)

    assert (bytes(console.digest or b""), console.ending) == (console_digest(f"PASSKEY {PASSKEY}"), "E55D")
    assert UnclaimedConsole.objects.count() == 0


def test_mac_address_is_the_same_with_and_without_colons(cast: Cast) -> None:
    for written in ("34:27:13:34:ED:1F", "34271334ed1f", "34-27-13-34-ED-1F"):
        console = consoles.register_passkey(by=cast.owner, sensor=cast.sensor, passkey=written, address=HOME, now=NOW)
        assert bytes(console.digest or b"") == console_digest("PASSKEY 34271334ED1F")


@pytest.mark.parametrize("passkey", ["", "hello", PASSKEY[:-1], PASSKEY + "0", "G" * 32])
def test_what_is_no_passkey_is_refused(cast: Cast, passkey: str) -> None:
    with pytest.raises(Refusal) as refused:
        consoles.register_passkey(by=cast.owner, sensor=cast.sensor, passkey=passkey, address=HOME, now=NOW)

    assert refused.value.code == "no_passkey"


def test_id_and_password_are_registered_together(cast: Cast) -> None:
    console = consoles.register_identity(
        by=cast.owner, sensor=cast.sensor, identity="MCKEAN", password="1909", address=HOME, now=NOW
    )

    assert (bytes(console.digest or b""), console.ending) == (console_digest("ID MCKEAN\n1909"), "MCKEAN")


def test_released_console_is_known_no_more_and_read_as_before(cast: Cast) -> None:
    consoles.set_reading(by=cast.owner, sensor=cast.sensor, rain_gauge="piezo", field_units="as_named")
    consoles.register_passkey(by=cast.owner, sensor=cast.sensor, passkey=PASSKEY, address=HOME, now=NOW)
    consoles.release(by=cast.owner, sensor=cast.sensor)

    console = consoles.console_of(cast.sensor)
    assert (console.digest, console.ending, console.rain_gauge) == (None, "", "piezo")


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_who_may_not_edit_a_sensor_may_not_touch_its_console(cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    for attempt in (
        lambda: consoles.register_passkey(by=by, sensor=cast.sensor, passkey=PASSKEY, address=HOME, now=NOW),
        lambda: consoles.register_identity(
            by=by, sensor=cast.sensor, identity="a", password="b", address=HOME, now=NOW
        ),
        lambda: consoles.release(by=by, sensor=cast.sensor),
        lambda: consoles.set_reading(by=by, sensor=cast.sensor, rain_gauge="auto", field_units="as_named"),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.code == "not_allowed"


def test_the_second_who_shows_a_passkey_is_told_and_so_is_the_first(cast: Cast) -> None:
    consoles.register_passkey(by=cast.owner, sensor=cast.sensor, passkey=PASSKEY, address=HOME, now=NOW)

    with pytest.raises(Refusal) as refused:
        consoles.register_passkey(
            by=cast.outsider, sensor=cast.other_sensor, passkey=PASSKEY, address=ELSEWHERE, now=NOW
        )

    assert refused.value.code == "console_taken"
    assert Console.objects.get().sensor == cast.sensor
    notice = cast.sensor.notices.get()
    assert (notice.code, notice.subject) == ("console_shown_again", "E55D")
    assert not cast.other_sensor.notices.exists()


def registration(cast: Cast, by: Operator, password: str) -> str:
    sensor = cast.other_sensor if by == cast.outsider else cast.sensor
    try:
        consoles.register_identity(by=by, sensor=sensor, identity="A", password=password, address=HOME, now=NOW)
    except Refusal as refused:
        return refused.code
    return ""


def test_guesses_of_ids_and_passwords_are_stopped(cast: Cast) -> None:
    guesses = [registration(cast, cast.outsider, str(number)) for number in range(REGISTRATIONS + 1)]

    assert guesses == [""] * REGISTRATIONS + ["too_many_claims"]
    assert registration(cast, cast.owner, "own") == ""


def test_guesses_by_many_accounts_of_one_network_are_stopped(cast: Cast) -> None:
    for number in range(OPERATORS_OF_NETWORK):
        other = Operator.objects.create_user(f"other{number}@example.org")
        Membership.objects.create(operator=other, site=cast.site, role=Role.EDITOR)
        assert {registration(cast, other, f"{number} {n}") for n in range(REGISTRATIONS)} == {""}

    assert registration(cast, cast.owner, "own") == "too_many_claims"
