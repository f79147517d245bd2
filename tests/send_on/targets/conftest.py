"""Our own doors, which read what is sent on."""

from tests.ingest.conftest import key as key  # the fixtures
from tests.ingest.conftest import server as server
from tests.ingest.doors.conftest import platform as platform
from tests.ingest.doors.conftest import site as site
