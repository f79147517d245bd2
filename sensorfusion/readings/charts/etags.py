"""ETags of ranges that have ended, computed from everything that determines the response without building it."""

from functools import partial
from hashlib import blake2b
from typing import Final

from sensorfusion import __version__
from sensorfusion.events.prepared import fetch_one
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.stored.selection import select
from sensorfusion.sensors.models import Sensor

_within = partial(select, since="%(start)s", before="%(end)s")
_NEW: Final = """
r.observed_at >= coalesce((SELECT rolled_up_until FROM sensor_state WHERE sensor_id = %(sensor)s), '-infinity')
"""
_STATE: Final = f"""
SELECT ({_within("min(r.observed_at)")}), ({_within("max(r.observed_at)")}),
       ({_within("max(r.seq)")}),
       (SELECT raw_kept_from FROM sensor_state WHERE sensor_id = %(sensor)s),
       (SELECT array[count(*)::text, max(id)::text, max(restored_at)::text] FROM exclusion
        WHERE sensor_id = %(sensor)s AND starts_at < %(end)s AND ends_at > %(start)s),
       (SELECT array[count(*), sum(xmin::text::bigint)] FROM rollup_1d
        WHERE sensor_id = %(sensor)s AND start < %(end)s AND start > %(start)s - interval '25 h'),
       (SELECT array[count(*), sum(id)] FROM dirty_hour
        WHERE sensor_id = %(sensor)s AND hour < %(end)s AND hour > %(start)s - interval '1 h'),
       ({_within("count(*)", where=_NEW)})
"""


def tag(*, sensor: Sensor, question: ChartQuestion, form: str) -> str:
    """Return a strong ETag for a response about [start, end): it changes exactly when data in the range changes.

    Every stored change of a reading advances its seq. A deletion leaves a mark on its hour until its day is rolled up
    again, which changes the day's row; before the first rollup, readings are counted.

    :param form: the format of the response.
    """
    state = fetch_one(_STATE, {"sensor": sensor.id, "start": question.start, "end": question.end})
    site = sensor.site
    decides = (__version__, sensor.uuid, sensor.name, site.time_zone, site.day_starts_h)
    place = (sensor.latitude, sensor.longitude, sensor.elevation_m, site.latitude, site.longitude, site.elevation_m)
    return f'"{blake2b(repr((decides, place, question, form, state)).encode(), digest_size=16).hexdigest()}"'
