from typing import Any

import pytest
from django.core.exceptions import ValidationError as ModelError
from django.http import Http404
from rest_framework.exceptions import NotAuthenticated, Throttled, ValidationError

from sensorfusion.domain.refusals import Refusal
from sensorfusion.web.errors import api_error


def said(error: Exception) -> tuple[int, Any]:
    answer = api_error(error, {})
    assert answer is not None
    return answer.status_code, answer.data


def test_refusal_of_a_service_keeps_its_code_and_names_its_field() -> None:
    status, body = said(Refusal("name_taken", field="name"))

    assert status == 409
    assert body["code"] == "name_taken"
    assert body["fields"] == {"name": [body["detail"]]}


def test_refusal_of_no_field_names_none() -> None:
    status, body = said(Refusal("not_allowed", "Not here."))

    assert (status, body["code"], body["detail"]) == (403, "not_allowed", "Not here.")
    assert "fields" not in body


@pytest.mark.parametrize("error", [ModelError({"name": ["Too long."]}), ValidationError({"name": ["Too long."]})])
def test_wrong_fields_are_said_alike_wherever_they_were_found(error: Exception) -> None:
    status, body = said(error)

    assert (status, body["code"], body["detail"]) == (400, "invalid", "name: Too long.")
    assert body["fields"] == {"name": ["Too long."]}


def test_what_is_wrong_with_the_whole_names_no_field_in_its_sentence() -> None:
    assert said(ModelError("Not like this."))[1]["detail"] == "Not like this."


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(Http404(), 404, "not_found"), (NotAuthenticated(), 401, "not_authenticated"), (Throttled(), 429, "throttled")],
)
def test_other_refusals_have_a_code_and_a_sentence(error: Exception, status: int, code: str) -> None:
    answered, body = said(error)

    assert (answered, body["code"]) == (status, code)
    assert body["detail"]


def test_fault_of_ours_is_not_dressed_up_as_a_refusal() -> None:
    assert api_error(RuntimeError(), {}) is None
