"""URLs of the read API."""

from sensorfusion.readings.api import Latest
from sensorfusion.readings.charts.api import SeriesColumns
from sensorfusion.readings.climate.api import Climate, Normals, Records, UsualRange
from sensorfusion.readings.exclusions.api import Exclusions, RestoredExclusion, StoredReadings
from sensorfusion.readings.export.account_api import OwnArchive
from sensorfusion.readings.export.api import ExportedReadings
from sensorfusion.readings.export.jobs import urls as jobs
from sensorfusion.readings.notes import urls as notes
from sensorfusion.web.addresses import address

urlpatterns = [
    address("auth/me/archive/", OwnArchive.as_view(), name="api-me-archive"),
    *jobs.api,
    address("sensors/<uuid:uuid>/export/", ExportedReadings.as_view(), name="sensor-export"),
    address("sensors/<uuid:uuid>/latest/", Latest.as_view(), name="sensor-latest"),
    address("sensors/<uuid:uuid>/readings/", StoredReadings.as_view(), name="sensor-readings"),
    address("sensors/<uuid:uuid>/exclusions/", Exclusions.as_view(), name="sensor-exclusions"),
    address(
        "sensors/<uuid:uuid>/exclusions/<int:number>/restore/", RestoredExclusion.as_view(), name="exclusion-restore"
    ),
    *notes.api,
    address("sensors/<uuid:uuid>/series/", SeriesColumns.as_view(), name="sensor-series"),
    address("sensors/<uuid:uuid>/climate/", Climate.as_view(), name="sensor-climate"),
    address("sensors/<uuid:uuid>/records/", Records.as_view(), name="sensor-records"),
    address("sensors/<uuid:uuid>/normals/", Normals.as_view(), name="sensor-normals"),
    address("sensors/<uuid:uuid>/usual/", UsualRange.as_view(), name="sensor-usual"),
]
