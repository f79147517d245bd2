"""The live stream of one process, for which frames are written."""

from tests.live.conftest import platform as platform
