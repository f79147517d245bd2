"""What counters grew by, for charts: a client cannot know it where a counter restarts by the calendar (`restarts`)."""

from dataclasses import replace

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.charts.derived_columns import of_single
from sensorfusion.readings.charts.question import ChartQuestion, Resolution
from sensorfusion.readings.rollups.buckets import Column, Table


def with_increases(question: ChartQuestion, resolution: Resolution, table: Table, name: str) -> Column:
    """Return a column of the table; a counter's with the increase since the row before in its `growth`.

    What the first value grew by is not known here, so it has none.
    """
    column = table.columns[name]
    if quantity(name).combine != "counter" or not table.t:
        return column
    single = of_single(column.value, table.t) if resolution == "raw" else column
    grown = question.calendar.increases(name, single)
    first = next((place for place, each in enumerate(grown) if each is not None), 0)
    return replace(column, growth=[*[None] * (first + 1), *grown[first + 1 :]])
