"""Every figure that the platform tells of a sensor is computed once more, from its readings alone."""

import pytest

from tests.truth.checks import climate, explore, exports, latest, page, series, shapes, shared
from tests.truth.station import Station


@pytest.mark.django_db
def test_the_newest_values_are_those_that_were_observed_last(station: Station) -> None:
    assert latest.differences(station) == []


@pytest.mark.django_db
def test_rows_of_charts_are_buckets_of_the_readings(station: Station) -> None:
    assert series.stored(station) == []


@pytest.mark.django_db
def test_an_empty_row_stands_in_every_silence(station: Station) -> None:
    assert series.silent(station) == []


@pytest.mark.django_db
def test_derived_columns_follow_from_the_readings(station: Station) -> None:
    assert series.worked_out(station) == []


@pytest.mark.django_db
def test_a_part_of_a_series_says_what_the_whole_says_of_it(station: Station) -> None:
    assert series.parts(station) == []


@pytest.mark.django_db
def test_series_is_as_true_where_the_resolution_is_not_told(station: Station) -> None:
    assert shapes.untold(station) == []


@pytest.mark.django_db
def test_rows_of_several_days_are_those_days(station: Station) -> None:
    assert shapes.several_days(station) == []


@pytest.mark.django_db
def test_other_formats_hold_the_rows_of_json(station: Station) -> None:
    assert shapes.formats(station) == []


@pytest.mark.django_db
def test_records_are_the_extremes_of_the_days(station: Station) -> None:
    assert climate.records(station) == []


@pytest.mark.django_db
def test_normals_are_those_of_the_days_before_today(station: Station) -> None:
    assert climate.ordinary(station) == []


@pytest.mark.django_db
def test_months_and_years_summarise_their_days(station: Station) -> None:
    assert climate.periods(station) == []


@pytest.mark.django_db
def test_the_report_states_what_the_readings_say(station: Station, pytestconfig: pytest.Config) -> None:
    """A figure of the report that nothing explains is a difference, too."""
    is_all = pytestconfig.getoption("--truth", "some") == "all"

    assert [line for span in page.ranges(station, is_all=is_all) for line in page.differences(station, span)] == []


@pytest.mark.django_db
def test_a_shared_link_shows_the_newest_values(station: Station) -> None:
    assert shared.differences(station) == []


@pytest.mark.django_db
def test_statistics_of_explore_are_those_of_the_readings(station: Station) -> None:
    assert explore.differences(station) == []


@pytest.mark.postgres  # outside a transaction, which would end with the first file that is streamed
def test_files_hold_the_readings_as_they_are(station: Station) -> None:
    assert exports.differences(station) == []
