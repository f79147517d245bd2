import subprocess
import sys
import threading
from typing import Any

import pytest

from sensorfusion.documents.paper import printing
from sensorfusion.documents.paper.printing import printed, printed_for
from sensorfusion.domain.refusals import Refusal
from sensorfusion.web.slots import Slots
from tests.patience import PATIENCE_S


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Replace what the child process does."""

    def use(program: str) -> None:
        monkeypatch.setattr(printing, "_COMMAND", [sys.executable, "-c", program])

    return use


def write(operator: int = 1) -> bytes:
    return printed_for(operator, "<p>x</p>", base="http://localhost/", size="a4")


def test_a_document_that_takes_too_long_is_given_up_and_its_process_ended(
    child: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(printing, "WITHIN_S", 0.3)
    child("import sys; sys.stdin.read(); import threading; threading.Event().wait()")

    with pytest.raises(Refusal, match="could not be written") as refused:
        write()
    assert (refused.value.status, refused.value.retry_after_s) == (503, 10)
    assert "not written as PDF within" in caplog.text


def test_a_child_that_fails_is_told_in_the_log_and_not_to_the_reader(
    child: Any, caplog: pytest.LogCaptureFixture
) -> None:
    child("raise SystemExit('no fonts here')")

    with pytest.raises(Refusal, match="the browser can print it"):
        write()
    assert "no fonts here" in caplog.text


def test_a_failure_does_not_block_the_next_document(child: Any) -> None:
    child("raise SystemExit(1)")
    with pytest.raises(Refusal):
        write()
    child("print('%PDF', end='')")

    assert write() == b"%PDF"


def test_the_child_is_given_no_setting_of_the_server(child: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "s3cret")
    child("import os; print(sorted(os.environ))")

    found = write().decode()
    assert "PYTHONPATH" in found
    assert "SECRET_KEY" not in found
    assert "DATABASE_URL" not in found


def test_one_document_is_written_at_a_time_and_few_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "SLOTS", Slots(2, what="reports as PDF"))
    begun, may_end, running, most = threading.Semaphore(0), threading.Event(), 0, 0

    def run(*_: Any, **__: Any) -> subprocess.CompletedProcess[bytes]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        begun.release()
        assert may_end.wait(PATIENCE_S)
        running -= 1
        return subprocess.CompletedProcess([], 0, b"%PDF")

    monkeypatch.setattr(subprocess, "run", run)
    first = threading.Thread(target=write, args=(1,))
    first.start()
    assert begun.acquire(timeout=PATIENCE_S)
    with printing.SLOTS.of(2), pytest.raises(Refusal) as refused:
        write(3)
    assert (refused.value.code, refused.value.retry_after_s) == ("overloaded", 10)
    with pytest.raises(Refusal) as again:
        write(1)
    assert again.value.code == "one_at_a_time"
    second = threading.Thread(target=write, args=(2,))
    second.start()
    may_end.set()
    first.join(PATIENCE_S)
    second.join(PATIENCE_S)

    assert (most, running) == (1, 0)


def test_who_waits_too_long_is_told_when_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "WAIT_S", 0.0)
    with printing._ONE, pytest.raises(Refusal) as refused:
        printed("", base="", size="a4")

    assert (refused.value.status, refused.value.retry_after_s) == (503, 60)


def test_the_server_never_imports_the_library() -> None:
    program = (
        "import sys, django.conf; import sensorfusion.documents.paper.printing; print('weasyprint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
