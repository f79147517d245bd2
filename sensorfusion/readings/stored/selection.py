"""The text of queries of stored readings: some readings of one sensor, by observation or by seq.

Queries that join readings with rollups, states or exclusions embed this text. They know a reading only as `r`, whose
columns are sensor_id, observed_at, received_at, seq, "values" and flags; how it is stored is known here.
"""

from typing import Final

from sensorfusion.domain.device_clock import AHEAD

# Whether the clock of a reading r was not ahead when the reading arrived; any other counts nowhere, not even later.
TIMELY: Final = f"r.observed_at <= r.received_at + interval '{AHEAD.total_seconds():.0f} s'"
COUNT_ALL: Final = "SELECT count(*) FROM reading"


def select(
    columns: str,
    *,
    sensor: str = "%(sensor)s",
    at: str = "",
    since: str = "",
    before: str = "",
    until: str = "",
    after_seq: str = "",
    is_timely: bool = False,
    where: str = "",
    joined: str = "",
    then: str = "",
) -> str:
    """Build the query of some readings of a sensor; all arguments are SQL, in the order in which they appear in it.

    :param at: the only instant; `since`: the first; `before`: the one that follows the span; `until`: the last.
    :param after_seq: the seq after which the readings were stored or changed.
    :param is_timely: leave out readings whose clock was ahead.
    :param where: further conditions, `joined`: what is joined before them, `then`: what follows them.
    """
    conditions = (
        f"r.sensor_id = {sensor}",
        at and f"r.observed_at = {at}",
        since and f"r.observed_at >= {since}",
        before and f"r.observed_at < {before}",
        until and f"r.observed_at <= {until}",
        after_seq and f"r.seq > {after_seq}",
        TIMELY if is_timely else "",
        where,
    )
    parts = ("SELECT", columns, "FROM reading AS r", joined, "WHERE", " AND ".join(filter(None, conditions)), then)
    return " ".join(filter(None, parts))
