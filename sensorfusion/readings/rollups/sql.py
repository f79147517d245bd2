"""The SQL of rollups: which numbers count, and how parts merge into buckets.

A part summarizes one quantity in a time interval: a single reading, or a bucket of a rollup. Parts that do not overlap
merge into wider ones, always by the same query: readings into 5 minutes, those into hours, hours into days, days into
months, and all of them into the buckets of charts. Columns, in order:

    sensor_id, at, quantity, combine, count, total, low, high, first, last, first_at, last_at

`at` orders the parts of a bucket. `total` is the sum of the values; for a counter its increase, restarts included; for
a direction the east component of the sum of vectors, whose north component is in `low`. A direction's vector is as long
as the wind speed of its reading (`domain.weather.wind.weight`). When counters of the calendar restart is in
`domain.restarts`.
"""

from datetime import timedelta
from typing import Final, Literal

from psycopg import sql

from sensorfusion.domain.quality import LARGEST, Flag
from sensorfusion.domain.restarts import LATE, UNCHANGED_LATE, WEEK_BEGINS_WITHIN
from sensorfusion.domain.weather.wind import CALM
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.stored import selection
from sensorfusion.readings.stored.excluded import EXCLUDED

_UTC: Final = Calendar()
Level = Literal["5m", "1h", "1d", "1mo"]
TABLES: Final[dict[Level, sql.Identifier]] = {
    "5m": sql.Identifier("rollup_5m"),
    "1h": sql.Identifier("rollup_1h"),
    "1d": sql.Identifier("rollup_1d"),
    "1mo": sql.Identifier("rollup_1mo"),
}
LOW: Final = 2  # positions of a quantity's lowest and highest value in a row's numbers
HIGH: Final = 3

# The only definition of a number that counts; {} are the value as jsonb and its flag as text.
_GOOD = (
    "CASE WHEN jsonb_typeof({value}) = 'number' AND {flag} IS DISTINCT FROM {bad}"
    " AND abs(({value})::float8) <= {largest} THEN ({value})::float8 END"
)

# The quantities whose values of a reading r are excluded; the empty name stands for all of them.
EXCLUDED_NAMES: Final = sql.SQL(f"SELECT array_agg(exclusion.quantity::text) AS names {EXCLUDED}")

_OF_A_NUMBER = sql.SQL(
    "q.combine, q.restarts, 1 AS count,"
    " CASE q.combine WHEN 'counter' THEN 0 WHEN 'vector' THEN weight * sind(v) ELSE v END AS total,"
    " CASE q.combine WHEN 'vector' THEN weight * cosd(v) ELSE v END AS low, v AS high, v AS first, v AS last,"
    " r.observed_at AS first_at, r.observed_at AS last_at"
)


def good(value: sql.Composable, flag: sql.Composable) -> sql.Composed:
    """Build the number of a jsonb value, NULL if it is none or flagged bad; exclusions are handled separately."""
    bad, largest = sql.Literal(str(int(Flag.BAD))), sql.Literal(LARGEST)
    return sql.SQL(_GOOD).format(value=value, flag=flag, bad=bad, largest=largest)


# How long the vector of a direction is: as `domain.weather.wind.weight` of the same reading's speed, if that counts.
_WEIGHT = (
    " CROSS JOIN LATERAL (SELECT CASE WHEN q.combine = 'vector' THEN ("
    "SELECT CASE WHEN speed IS NULL THEN 1 WHEN speed < {calm} THEN 0 ELSE speed END FROM ("
    "SELECT CASE WHEN NOT EXISTS (SELECT {excluded} AND exclusion.quantity = q.weighed_by) THEN {good} END AS speed"
    ") AS blowing) END AS weight OFFSET 0) AS length"
)


def _weight() -> sql.Composed:
    return sql.SQL(_WEIGHT).format(
        calm=sql.Literal(CALM),
        excluded=sql.SQL(EXCLUDED),
        good=good(sql.SQL('(r."values" -> q.weighed_by)'), sql.SQL("(r.flags ->> q.weighed_by)")),
    )


def of_readings(readings: sql.Composable) -> sql.Composed:
    """Build the parts of whole readings (rows of `reading`), one per good number; quantity_name must have the names."""
    return sql.SQL(
        "SELECT r.sensor_id, r.observed_at AS at, q.id AS quantity, {columns}"
        ' FROM ({readings}) AS r CROSS JOIN LATERAL jsonb_each(r."values") AS each'
        " JOIN quantity_name AS q ON q.name = each.key"
        " CROSS JOIN LATERAL (SELECT {good} AS v OFFSET 0) AS number{weight} WHERE v IS NOT NULL AND {timely}"
        " AND NOT EXISTS (SELECT {excluded} AND exclusion.quantity IN ('', each.key))"
    ).format(
        columns=_OF_A_NUMBER,
        readings=readings,
        weight=_weight(),
        timely=sql.SQL(selection.TIMELY),
        good=good(sql.SQL("each.value"), sql.SQL("(r.flags ->> each.key)")),
        excluded=sql.SQL(EXCLUDED),
    )


def of_quantities(readings: sql.Composable, quantities: sql.Composable) -> sql.Composed:
    """Build the parts of selected quantities of readings: rows of `id`, `name`, `combine`, `restarts`, `weighed_by`."""
    return sql.SQL(
        "SELECT r.sensor_id, r.observed_at AS at, q.id AS quantity, {columns}"
        " FROM ({readings}) AS r LEFT JOIN LATERAL ({names}) AS excluded ON true CROSS JOIN ({quantities}) AS q"
        " CROSS JOIN LATERAL (SELECT {good} AS v OFFSET 0) AS number{weight}"
        " WHERE v IS NOT NULL AND {timely} AND (excluded.names && ARRAY['', q.name]) IS NOT TRUE"
    ).format(
        columns=_OF_A_NUMBER,
        readings=readings,
        names=EXCLUDED_NAMES,
        weight=_weight(),
        timely=sql.SQL(selection.TIMELY),
        quantities=quantities,
        good=good(sql.SQL('(r."values" -> q.name)'), sql.SQL("(r.flags ->> q.name)")),
    )


def of_buckets(rows: sql.Composable, quantities: sql.Composable, level: Level) -> sql.Composed:
    """Build the parts of selected quantities from rows of a rollup."""
    numbers = (number(sql.SQL("place"), which, level) for which in range(1, 6))
    return sql.SQL(
        "SELECT r.sensor_id, r.start AS at, q.id AS quantity, q.combine, q.restarts,"
        " coalesce(r.counts[place], r.count) AS count,"
        " {} AS total, {} AS low, {} AS high, {} AS first, {} AS last,"
        " coalesce(instants[place][1], r.first_at) AS first_at, coalesce(instants[place][2], r.last_at) AS last_at"
        " FROM ({rows}) AS r CROSS JOIN LATERAL unnest(r.quantities) WITH ORDINALITY AS each (id, place)"
        " JOIN ({quantities}) AS q ON q.id = each.id"
    ).format(*numbers, rows=rows, quantities=quantities)


def merged(parts: sql.Composable, bucket: sql.Composable, calendar: Calendar = _UTC) -> sql.Composed:
    """Build the query that merges parts into buckets; `bucket` is the SQL of the start of a part's bucket.

    :param calendar: by which counters restart; buckets of an hour or less do not depend on it.
    """
    return sql.SQL(
        "SELECT sensor_id, start, quantity, combine, count, total + CASE combine WHEN 'counter' THEN"
        " (SELECT coalesce(sum({increase}), 0) FROM unnest(firsts[2:], lasts[:cardinality(lasts) - 1],"
        " begins[2:], ends[:cardinality(lasts) - 1]) AS step (f, l, f_at, l_at)) ELSE 0 END AS total,"
        " CASE combine WHEN 'vector' THEN north ELSE low END AS low, high,"
        " firsts[1] AS first, lasts[cardinality(lasts)] AS last, first_at, last_at"
        " FROM (SELECT sensor_id, {bucket} AS start, quantity, combine, restarts, sum(count)::int AS count,"
        " sum(total) AS total, min(low) AS low, sum(low) AS north, max(high) AS high,"
        " array_agg(first ORDER BY at) AS firsts, array_agg(last ORDER BY at) AS lasts,"
        " array_agg(first_at ORDER BY at) FILTER (WHERE restarts <> '') AS begins,"
        " array_agg(last_at ORDER BY at) FILTER (WHERE restarts <> '') AS ends,"
        " min(first_at) AS first_at, max(last_at) AS last_at"
        " FROM ({parts}) AS parts GROUP BY sensor_id, {bucket}, quantity, combine, restarts) AS gathered"
    ).format(bucket=bucket, parts=parts, increase=_increase(calendar))


# A counter's increase from l at l_at to f at f_at: the twin of `domain.counters.increase`.
_INCREASE: Final = (
    "CASE WHEN f < l THEN f WHEN restarts = '' OR f_at - l_at <= {late}"
    " OR date_bin('1 h', f_at, 'epoch') = date_bin('1 h', l_at, 'epoch') THEN f - l"
    " WHEN date_trunc("
    "restarts, (f_at - CASE WHEN f = l THEN {unchanged} ELSE {late} END) AT TIME ZONE {zone} - {begins}"
    ") - CASE restarts WHEN 'week' THEN {either} ELSE interval '0' END >= l_at AT TIME ZONE {zone} - {begins}"
    " THEN f ELSE f - l END"
)


def _increase(calendar: Calendar) -> sql.Composed:
    return sql.SQL(_INCREASE).format(
        late=sql.Literal(LATE),
        unchanged=sql.Literal(UNCHANGED_LATE),
        either=sql.Literal(WEEK_BEGINS_WITHIN),
        zone=sql.Literal(calendar.time_zone),
        begins=sql.Literal(timedelta(hours=calendar.day_starts_h)),
    )


def packed(buckets: sql.Composable, level: Level) -> sql.Composed:
    """Build the rows of a rollup from merged buckets; counts and instants that all quantities share are stored once.

    5-minute rows are the majority, so they store numbers that are exact in thousandths as integers, in half the space:
    values with up to three decimals are restored exactly. Quantities are then in two groups, thousandths first.
    """
    exact = _IN_THOUSANDTHS if level == "5m" else sql.SQL("false")
    return sql.SQL(
        "SELECT start, min(first_at), max(last_at), sensor_id, max(count),"
        " array_agg(quantity ORDER BY is_exact DESC, quantity),"
        " CASE WHEN min(count) < max(count) THEN array_agg(count ORDER BY is_exact DESC, quantity) END,"
        " array_agg(ARRAY[total, low, high, first, last] ORDER BY quantity) FILTER (WHERE NOT is_exact),"
        " CASE WHEN min(first_at) < max(first_at) OR min(last_at) < max(last_at)"
        " THEN array_agg(ARRAY[first_at, last_at] ORDER BY is_exact DESC, quantity) END {thousandths}"
        " FROM ({buckets}) AS buckets CROSS JOIN LATERAL (SELECT {exact} AS is_exact OFFSET 0) AS kind"
        " GROUP BY sensor_id, start"
    ).format(buckets=buckets, exact=exact, thousandths=_THOUSANDTHS if level == "5m" else sql.SQL(""))


# A sum of decimals may be off by some millionths of a thousandth; every other number must be restored exactly.
_IN_THOUSANDTHS: Final = sql.SQL(
    "combine <> 'vector' AND greatest(abs(total), abs(low), abs(high), abs(first), abs(last)) < 2e6"
    " AND abs(total * 1000 - round(total * 1000)) < 1e-4"
    " AND round(low * 1000) / 1000 = low AND round(high * 1000) / 1000 = high"
    " AND round(first * 1000) / 1000 = first AND round(last * 1000) / 1000 = last"
)
_THOUSANDTHS: Final = sql.SQL(
    ", array_agg(ARRAY[total * 1000, low * 1000, high * 1000, first * 1000, last * 1000]::int[] ORDER BY quantity)"
    " FILTER (WHERE is_exact)"
)


def number(place: sql.Composable, which: int, level: Level) -> sql.Composed:
    """Build the expression of a quantity's number `which` (1 to 5) in a row of a rollup, given its position there."""
    form = "numbers[{place}][{which}]"
    if level == "5m":
        form = (
            "coalesce(thousandths[{place}][{which}] / 1000::float8,"
            " numbers[{place} - coalesce(array_length(thousandths, 1), 0)][{which}])"
        )
    return sql.SQL(form).format(place=place, which=sql.Literal(which))


def columns(level: Level) -> sql.SQL:
    """Return the columns of a rollup in the order in which `packed` selects them."""
    last = ", thousandths" if level == "5m" else ""
    return sql.SQL(f"start, first_at, last_at, sensor_id, count, quantities, counts, numbers, instants{last}")
