"""What the lines of the log are about."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from sensorfusion.domain.log_context import log_context, logged_about


def test_inner_work_adds_to_what_outer_work_is_about() -> None:
    with logged_about(request="a"):
        with logged_about(sensor="b"):
            assert log_context() == {"request": "a", "sensor": "b"}
        assert log_context() == {"request": "a"}
    assert log_context() == {}


def test_it_ends_with_an_exception_too() -> None:
    try:
        with logged_about(request="a"):
            raise ValueError
    except ValueError:
        assert log_context() == {}


def test_a_thread_that_inherits_the_context_has_it_and_another_has_not() -> None:
    with logged_about(request="a"), ThreadPoolExecutor(1) as pool:
        inherited = pool.submit(copy_context().run, log_context)
        alone = pool.submit(log_context)

        assert (dict(inherited.result()), dict(alone.result())) == ({"request": "a"}, {})
