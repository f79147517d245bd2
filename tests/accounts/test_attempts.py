from sensorfusion.accounts.attempts import PER_ADDRESS, PER_EMAIL, WINDOW_S, Attempt, seconds_to_wait

NOW_S = 1_800_000_000.0 - 1_800_000_000.0 % WINDOW_S


def test_attempts_within_the_limit_may_go_ahead() -> None:
    waits = [seconds_to_wait(Attempt("198.51.100.1"), now_s=NOW_S) for _ in range(PER_ADDRESS)]

    assert waits == [0] * PER_ADDRESS


def test_too_many_from_one_address_wait_for_the_next_window() -> None:
    for _ in range(PER_ADDRESS):
        seconds_to_wait(Attempt("198.51.100.1"), now_s=NOW_S)

    assert seconds_to_wait(Attempt("198.51.100.1"), now_s=NOW_S + 20) == WINDOW_S - 20
    assert seconds_to_wait(Attempt("198.51.100.2"), now_s=NOW_S + 20) == 0
    assert seconds_to_wait(Attempt("198.51.100.1"), now_s=NOW_S + WINDOW_S) == 0


def test_too_many_for_one_email_wait_wherever_they_come_from() -> None:
    for number in range(PER_EMAIL):
        seconds_to_wait(Attempt(f"198.51.100.{number}", "ada@example.org"), now_s=NOW_S)

    assert seconds_to_wait(Attempt("203.0.113.1", " ADA@example.org"), now_s=NOW_S) == WINDOW_S
    assert seconds_to_wait(Attempt("203.0.113.1", "grace@example.org"), now_s=NOW_S) == 0


def test_any_text_can_be_counted() -> None:
    assert seconds_to_wait(Attempt("198.51.100.1", "spaces and\nlines " * 50), now_s=NOW_S) == 0
