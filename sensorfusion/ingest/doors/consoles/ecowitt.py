"""Ecowitt's protocol, `POST /data/report/`: the key is the next part of the path, or the gateway sends its PASSKEY.

Ambient's consoles send to the same address; their station type begins with AMB. `/in/<key>/` alone accepts both, for
devices on which only the path can be set.
"""

from sensorfusion.ingest.doors.consoles.door import IN_FRONT, Console

ECOWITT = Console(
    name="Ecowitt",
    patterns=(
        IN_FRONT + r"data/report(?P<glued>.*)$",
        r"^in/(?P<key>sf_[\w-]+)/?(?P<glued>[^/]*=[^/]*)?$",
    ),
    marker="data/report",
    success=b"OK\n",
)
