"""The columns that every look-up of a sensor for the doors reads, and the source made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sensorfusion.ingest.steps.batch import Source
from sensorfusion.ingest.steps.naming import names_of

# Of a sensor `s`, in the order of the fields of `Found`.
COLUMNS = """s.id, s.uuid::text, s.status, s.names,
    (SELECT jsonb_object_agg(f.source, f.quantity) FROM sensors_sourcefield f
     WHERE f.sensor_id = s.id AND f.source <> ''),
    s.utc_offset_s, (SELECT t.time_zone FROM sensors_site t WHERE t.id = s.site_id), s.site_id"""


@dataclass(frozen=True, slots=True)
class Found:
    """A sensor as it was looked up, and the further columns of the query."""

    sensor: int
    uuid: str
    status: str
    names: object
    fields: dict[str, str] | None
    utc_offset_s: int | None
    time_zone: str
    site: int
    more: Sequence[Any]

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Found":
        sensor, uuid, status, names, fields, utc_offset_s, time_zone, site, *more = row
        return cls(sensor, uuid, status, names, fields, utc_offset_s, time_zone, site, more)

    def source(self) -> Source:
        return Source(
            self.sensor,
            self.uuid,
            names_of(self.names),
            self.fields or {},
            frozenset((self.fields or {}).values()),
            self.utc_offset_s,
            self.time_zone,
            self.site,
        )
