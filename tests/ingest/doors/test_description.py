"""A door's description has each status that its protocol answers with, since the protocol is asked for them."""

from typing import get_args

import pytest

from sensorfusion.domain.errors import ERRORS
from sensorfusion.ingest.doors.consoles.catalogue import CONSOLES
from sensorfusion.ingest.doors.description import REFUSAL, About, answers_of, in_our_format, refusals
from sensorfusion.ingest.doors.influxdb import LineProtocol
from sensorfusion.ingest.doors.platforms import PROTOCOLS
from sensorfusion.ingest.doors.thingsboard import Telemetry
from sensorfusion.ingest.doors.thingspeak import Update
from sensorfusion.ingest.steps.refused import Code
from sensorfusion.web.description import JSON, Answered

EVERY = {**dict(PROTOCOLS), **{each.name: each for each in CONSOLES}}


@pytest.mark.parametrize("protocol", EVERY.values(), ids=EVERY.keys())
def test_every_protocol_says_what_it_does_when_it_is_full_or_away(protocol: object) -> None:
    answers = answers_of(protocol, "/update.json", "POST")  # type: ignore[arg-type]  # one of both kinds

    assert {401, 413, 429, 503} <= set(answers)
    assert min(answers) < 300
    assert "retry-after" in answers[429].headers
    assert "retry-after" in answers[503].headers


def test_statuses_are_those_of_the_protocol() -> None:
    assert set(answers_of(LineProtocol(), "/write", "POST")) == {204, 400, 401, 403, 413, 429, 503}
    assert set(answers_of(CONSOLES[0], "/weatherstation", "GET")) == {200, 400, 401, 413, 429, 503}


def test_an_answer_that_depends_on_the_address_or_the_head_is_found() -> None:
    assert set(answers_of(Update(), "/update", "GET")[200].content) == {"text/plain; charset=utf-8"}
    assert set(answers_of(Update(), "/update.json", "GET")[200].content) == {JSON}
    assert set(answers_of(Telemetry(), "/x", "POST")[200].content) == {JSON}


def test_every_code_of_a_refusal_is_in_the_table_and_asked_for() -> None:
    every = set(get_args(Code))

    assert every <= ERRORS.keys()
    assert {each.code for each in refusals(About(summary="x", never=frozenset()))} == every


def test_our_own_format_keeps_what_is_said_of_a_success() -> None:
    answers = in_our_format({200: Answered(why="Stored.")}, About(summary="x"))

    assert answers[200].why == "Stored."
    assert answers[422].content == {JSON: REFUSAL}
    assert answers[401].headers == ("www-authenticate",)
