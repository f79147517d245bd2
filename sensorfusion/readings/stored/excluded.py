"""The text of conditions on the exclusions that apply to a stored reading, which queries know as `r`."""

from typing import Final

# Exclusions that apply to a reading r.
EXCLUDED: Final = (
    "FROM exclusion WHERE exclusion.sensor_id = r.sensor_id AND restored_at IS NULL"
    " AND r.observed_at >= starts_at AND r.observed_at < ends_at"
)
# Whether a sensor has an exclusion at all, for statements that look up none for each reading of other sensors.
EXCLUDES: Final = "EXISTS (SELECT FROM exclusion WHERE sensor_id = {} AND restored_at IS NULL)"
# The names of the values of a reading r that are excluded, NULL if none is.
EXCLUDED_VALUES: Final = (
    '(SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(r."values") AS key'
    f" WHERE EXISTS (SELECT {EXCLUDED} AND exclusion.quantity IN ('', key)))"
)
# Whether a reading r has a value `name` that is not excluded.
COUNTS: Final = (
    f"""r."values" ? %(name)s AND (NOT {EXCLUDES.format("%(sensor)s")}"""
    f" OR NOT EXISTS (SELECT {EXCLUDED} AND exclusion.quantity IN ('', %(name)s)))"
)
