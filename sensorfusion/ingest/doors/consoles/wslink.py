"""WSLink's protocol, `/data/upload.php`, of consoles sold by Bresser, Sencor, Garni, CCL and others.

The station ID and its password are `wsid` and `wspw`; all numbers are metric. Consoles send over HTTPS.
"""

from sensorfusion.ingest.doors.consoles.door import IN_FRONT, Console

WSLINK = Console(
    name="WSLink",
    patterns=(IN_FRONT + r"data/upload\.php(?P<glued>.*)$",),
    marker="data/upload.php",
    success=b"OK\n",
)
