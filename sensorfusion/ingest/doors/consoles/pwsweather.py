"""PWSweather's protocol: Weather Underground's fields at `/pwsupdate/pwsupdate.php` or the newer `/api/v1/submitwx`."""

from sensorfusion.ingest.doors.consoles.door import IN_FRONT, Console

PWSWEATHER = Console(
    name="PWSweather",
    patterns=(
        IN_FRONT + r"pwsupdate/pwsupdate\.php(?P<glued>.*)$",
        IN_FRONT + r"api/v1/submitwx/?(?P<glued>.*)$",
    ),
    marker="pwsupdate/pwsupdate.php",
    success=b"success\n",
    network="pwsweather",
    wrong="INVALIDPASSWORDID|Password or key and/or id are incorrect",
)
