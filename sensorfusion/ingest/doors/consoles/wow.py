"""Protocols of the Met Office's Weather Observations Website, `/automaticreading`, and of Belgium's, `/api/v2/send`.

Their clients stop sending for an hour after a 403, so that status is never sent.
"""

from sensorfusion.ingest.doors.consoles.door import IN_FRONT, Console

WOW = Console(
    name="WOW",
    patterns=(IN_FRONT + r"automaticreading(?P<glued>.*)$",),
    marker="automaticreading",
    success=b"OK\n",
    network="wow",
)
WOW_BE = Console(
    name="WOW-BE",
    patterns=(IN_FRONT + r"api/v2/send(?P<glued>.*)$",),
    marker="api/v2/send",
    success=b"OK\n",
    network="wow",
)
