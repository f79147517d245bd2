import json

from django.utils import translation

from sensorfusion.domain.errors import ERRORS
from sensorfusion.sensors.onboarding.refusals import sentences


def test_every_refusal_has_a_sentence_in_the_reader_s_language() -> None:
    with translation.override("de"):
        found = json.loads(sentences())

    assert found.keys() == ERRORS.keys()
    assert found["sensor_paused"][0] == ERRORS["sensor_paused"].message
    assert found["sensor_paused"][1].startswith("Dieser Sensor")


def test_english_pages_need_no_sentences() -> None:
    with translation.override("en"):
        assert sentences() == ""
