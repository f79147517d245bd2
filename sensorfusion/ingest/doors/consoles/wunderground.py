"""Weather Underground's protocol, `/weatherstation/updateweatherstation.php`, with rapid fire; most consoles speak it.

A console that gets `INVALIDPASSWORDID` with status 200 considers the reading published; after `ERROR` it stops sending
for an hour. So a wrong password is answered with 401, and temporary failures with 429 or 503.
"""

from sensorfusion.ingest.doors.consoles.door import IN_FRONT, Console

WUNDERGROUND = Console(
    name="Weather Underground",
    patterns=tuple(
        IN_FRONT + rf"weatherstation/updateweatherstation\.{ending}(?P<glued>.*)$" for ending in ("php", "asp")
    ),
    marker="weatherstation/updateweatherstation.php",
    success=b"success\n",
    wrong="INVALIDPASSWORDID|Password or key and/or id are incorrect",
)
