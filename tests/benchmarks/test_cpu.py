"""The processor time that benchmarks count."""

import os
import threading
import time

from benchmarks import cpu


def burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_time_of_threads_that_have_ended_is_counted() -> None:
    before = cpu.spent_s(os.getpid())
    for _ in range(5):
        thread = threading.Thread(target=burn, args=[0.02])
        thread.start()
        thread.join()

    assert cpu.spent_s(os.getpid()) - before >= 0.1
