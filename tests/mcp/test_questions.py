"""Forty questions to a real platform, over standard input by the library's client: each answer equals SQL's."""

import json
from typing import Any

import psycopg
import pytest

from sensorfusion.mcp.answers import TOKENS_MOST, tokens
from tests.mcp.conftest import World
from tests.mcp.questions import QUESTIONS, READINGS, Question

pytestmark = pytest.mark.crash


def test_there_are_forty_questions_and_all_tools_are_asked() -> None:
    assert len({each.words for each in QUESTIONS}) == len(QUESTIONS) == 40
    assert {each.tool for each in QUESTIONS} == {"series", "compare", "records", "normals", "gaps", "why_flagged"}


async def test_each_answer_is_that_of_sql(world: World) -> None:
    wrong = {}
    async with world.asking() as ask:
        for question in QUESTIONS:
            text, is_error = await ask.text(question.tool, **question.arguments)
            assert not is_error, (question.words, text)
            assert tokens(text) <= TOKENS_MOST
            found, truth = question.pick(json.loads(text)), _truth(world, question)
            if found != truth and found != pytest.approx(truth, abs=0.0051):
                wrong[question.words] = (found, truth)
            _says_what_it_stands_on(json.loads(text))
    assert wrong == {}


def _truth(world: World, question: Question) -> Any:
    with psycopg.connect(world.database) as link:
        found = link.execute(READINGS + question.truth, question.given).fetchone()
    assert found is not None
    return found[0] if isinstance(found[0], str | int) else float(found[0])


def _says_what_it_stands_on(answer: dict[str, Any]) -> None:
    for side in (answer["first"], answer["second"]) if "first" in answer and "second" in answer else (answer,):
        assert {"n", "zone", "sensor"} <= side.keys()
        assert side["zone"] == "Europe/Warsaw"
    assert "resolution" in answer
