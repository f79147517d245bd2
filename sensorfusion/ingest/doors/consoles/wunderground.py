"""Weather Underground's protocol, `/weatherstation/updateweatherstation.php`, with rapid fire: most consoles speak it.

A console that is told `INVALIDPASSWORDID` with status 200 takes its reading for published; one that is told `ERROR`
is silent for an hour. So a wrong password is 401, and what is temporary is 429 or 503.
"""

from sensorfusion.ingest.doors.consoles.door import IN_FRONT, Console

WUNDERGROUND = Console(
    name="Weather Underground",
    patterns=(IN_FRONT + r"weatherstation/updateweatherstation\.(?:php|asp)(?P<glued>.*)$",),
    marker="weatherstation/updateweatherstation.php",
    success=b"success\n",
    wrong="INVALIDPASSWORDID|Password or key and/or id are incorrect",
)
