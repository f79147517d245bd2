"""Statements are prepared, and make the models that the ORM makes."""

from typing import Any

import pytest
from django.db import models

from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.accounts.services import issue_token
from sensorfusion.events.prepared import Columns, fetch, fetch_one
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_statement_is_prepared_when_it_comes_again() -> None:
    question = "SELECT %(value)s::int + 1"

    assert [fetch(question, {"value": value}) for value in (1, 2, 3)] == [[(2,)], [(3,)], [(4,)]]

    prepared = fetch("SELECT statement FROM pg_prepared_statements", {})
    assert ("SELECT $1::int + 1",) in prepared


def test_none_is_the_first_row_of_nothing() -> None:
    assert fetch_one("SELECT 1 WHERE false", {}) is None
    assert fetch_one("SELECT %(a)s::text, 2", {"a": "%"}) == ("%", 2)


def test_queries_of_a_test_are_counted(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        fetch("SELECT 1", {})


@pytest.mark.parametrize("model", [ApiToken, Operator, Sensor, Site])
def test_a_row_becomes_the_model_that_the_orm_makes_of_it(cast: Cast, now: Any, model: type[models.Model]) -> None:
    issue_token(operator=cast.owner, label="of a test", now=now)
    Sensor.objects.update(names={"t": "temperature"}, quantities={"own": {"unit": "V"}}, interval_s=2.5)
    columns = Columns(model, "one")

    made = [columns.made_of(row) for row in fetch(f"SELECT {columns.sql} FROM {model._meta.db_table} AS one", {})]

    assert made
    for each in made:
        by_orm = model._default_manager.get(pk=each.pk)
        names = [field.attname for field in model._meta.concrete_fields]
        assert [getattr(each, name) for name in names] == [getattr(by_orm, name) for name in names]
        assert (each._state.adding, each._state.db) == (False, "default")
