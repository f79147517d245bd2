from sensorfusion.alerts.trial.columns import runs

MINUTE_US = 60_000_000


def test_run_ends_where_a_value_differs_or_the_next_one_may_come_too_late() -> None:
    at = [each * MINUTE_US for each in (*range(20), *range(28, 40), *range(50, 53))]
    codes = bytes([1] * 5 + [0] * 15 + [0] * 12 + [0] * 3)

    assert list(runs(at, codes)) == [(0, 4), (5, 31), (32, 34)]


def test_no_readings_are_no_runs() -> None:
    assert list(runs([], b"")) == []
