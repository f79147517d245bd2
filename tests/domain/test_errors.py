"""The error table is an interface: codes are stable, and every message states a remedy."""

import re

import pytest

from sensorfusion.domain.errors import ERRORS

STATUSES = {
    "unreadable": 400,
    "no_key": 401,
    "unknown_key": 401,
    "revoked_key": 403,
    "sensor_paused": 403,
    "too_large": 413,
    "nothing_usable": 422,
    "too_fast": 429,
    "overloaded": 503,
    "database_away": 503,
    "not_stored": 503,
}
OF_READINGS = """out_of_range not_a_number not_a_boolean unknown_unit wrong_unit bad_time no_time_zone in_the_future
    too_old empty bad_name too_many_quantities too_many_names text_too_long bad_text not_an_object conflict"""
OF_SOCKETS = "not_signed_in bad_message unknown_action unknown_sensor too_many_sensors too_slow not_allowed"


@pytest.mark.parametrize("code", [*OF_READINGS.split(), *OF_SOCKETS.split(), *STATUSES])
def test_promised_code_is_in_the_table(code: str) -> None:
    assert ERRORS[code].code == code


@pytest.mark.parametrize(("code", "status"), STATUSES.items(), ids=STATUSES)
def test_whole_answer_has_its_http_status(code: str, status: int) -> None:
    assert ERRORS[code].status == status


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_message_is_a_plain_sentence(code: str) -> None:
    assert re.fullmatch(r"[A-Z].+\.", ERRORS[code].message)


def test_only_what_passes_by_itself_may_be_retried() -> None:
    retryable = {error.code for error in ERRORS.values() if error.retryable}

    assert retryable == {
        *("too_fast", "overloaded", "not_stored", "database_away", "quota", "too_slow"),
        *("too_many_claims", "one_at_a_time", "changed_meanwhile", "key_in_use", "too_many_keys", "not_ready"),
    }
