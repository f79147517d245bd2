"""Attempts whose answers are awaited: receivers that hang have few slots, and delay no others."""

import pytest

from sensorfusion.alerts.messages import attempts
from sensorfusion.alerts.messages.attempts import AT_ONCE, OF_ONE
from sensorfusion.alerts.messages.models import AlertAttempt, AlertMessage
from sensorfusion.outgoing.attempts import NotAccepted
from tests.alerts.messages.conftest import Office

pytestmark = pytest.mark.django_db(transaction=True)


def only() -> AlertMessage:
    return AlertMessage.objects.get()


def said() -> list[str]:
    return list(AlertAttempt.objects.order_by("id").values_list("said", flat=True))


def test_receiver_that_hangs_delays_no_other_one(office: Office) -> None:
    office.hangs = lambda request: "hangs" in request.url
    office.channel(address="https://hangs.example.org/a")
    office.channel(address="https://good.example.org/b")
    office.fire(office.rule())
    office.later(minutes=1)

    assert [each.url for each in office.requests] == ["https://hangs.example.org/a", "https://good.example.org/b"]
    assert sorted(said()) == ["", "accepted"]

    [hanging] = office.unanswered
    hanging.set_exception(NotAccepted("no answer within 10 s"))
    office.run()
    assert sorted(said()) == ["accepted", "no answer within 10 s"]


def test_person_and_host_that_hang_have_few_of_the_slots(office: Office) -> None:
    office.hangs = lambda request: "hangs" in request.url
    for number in range(AT_ONCE):
        office.channel(address=f"https://hangs.example.org/{number}")
        office.channel(operator=office.cast.member, address=f"https://{number}.hangs.example.org/")
    office.channel(operator=office.cast.editor, address="https://hangs.example.org/9")
    office.channel(operator=office.cast.editor, address="https://good.example.org/")
    office.fire(office.rule())
    office.later(minutes=1)

    assert len(office.unanswered) == 2 * OF_ONE
    assert [each.url for each in office.requests if "good" in each.url] == ["https://good.example.org/"]


def test_answers_that_are_awaited_are_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "OF_ONE", 99)
    office.hangs = lambda request: True
    for number in range(AT_ONCE + 1):
        office.channel(address=f"https://{number}.example.org/")
    office.fire(office.rule())
    office.later(minutes=1)
    assert len(office.unanswered) == AT_ONCE

    office.unanswered[0].set_result("accepted")
    office.run()
    assert len(office.unanswered) == AT_ONCE + 1


def test_failure_of_the_request_itself_is_an_attempt_that_failed(office: Office) -> None:
    office.hangs = lambda request: True
    office.channel()
    office.fire(office.rule())
    office.later(minutes=1)
    office.unanswered[0].set_exception(ZeroDivisionError())
    office.run()

    assert said() == ["ZeroDivisionError"]
    assert only().sent_at is None


def test_receiver_says_when_to_come_again(office: Office) -> None:
    office.channel()
    office.fire(office.rule())
    office.refusals = [NotAccepted("it answers 429", retry_after_s=1800.0)]
    office.later(minutes=1)

    assert (only().next_attempt_at - office.now).total_seconds() == 1800
