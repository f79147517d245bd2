"""The live stream of one process, which frames are written for."""

from tests.live.conftest import platform as platform
