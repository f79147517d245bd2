"""Where streams begin."""

from sensorfusion.live import protocol
from sensorfusion.live.resume import Start, starts


def test_a_new_client_begins_now() -> None:
    assert starts({1: 50}, after={}) == {1: Start(50, 50)}


def test_a_returning_client_goes_on_from_what_it_has() -> None:
    assert starts({1: 50, 2: 9}, after={1: 44}) == {1: Start(44, 44), 2: Start(9, 9)}


def test_zero_is_everything() -> None:
    assert starts({1: 50}, after={1: 0}) == {1: Start(0, 0)}


def test_a_client_ahead_of_a_restored_database_goes_on_from_what_there_is() -> None:
    assert starts({1: 50}, after={1: 70}) == {1: Start(50, 50)}


def test_what_is_too_much_for_one_sensor_is_left_to_http() -> None:
    most = protocol.CATCH_UP_READINGS

    assert starts({1: most + 50}, after={1: 20}) == {1: Start(20, 50)}


def test_what_is_too_much_for_all_together_is_left_to_http() -> None:
    many = dict.fromkeys(range(12), protocol.CATCH_UP_READINGS)

    found = starts(many, after=dict.fromkeys(many, 0))

    assert [found[sensor].first for sensor in range(12)] == [0] * 10 + [protocol.CATCH_UP_READINGS] * 2
