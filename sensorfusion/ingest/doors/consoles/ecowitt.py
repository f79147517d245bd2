"""Ecowitt's protocol, `POST /data/report/`, with the key as the next part of the path, or the gateway's own PASSKEY.

Ambient's consoles send to the same address and are told apart by their station type, which
begins with AMB. `/in/<key>/` alone takes either, for who can set a path and nothing else.
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
