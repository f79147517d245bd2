"""WeeWX, unchanged, with its own simulator: posts to its five uploaders' protocols, and what arrives is compared.

Also: what it does when the password is wrong, which is to go on (an hour of silence would be a bug of ours).
"""

import subprocess
import time
from pathlib import Path

from tests.real_clients.installation import Installation, Station, Wrong, environment

PACKAGE = "weewx==5.5.2"
# Its name for each, the path it is pointed to, its service, and what it calls it in its log.
UPLOADERS = {
    "Wunderground": ("weatherstation/updateweatherstation.php", "StdWunderground", "Wunderground-PWS"),
    "PWSweather": ("pwsupdate/pwsupdate.php", "StdPWSWeather", "PWSWeather"),
    "WOW": ("automaticreading", "StdWOW", "WOW"),
    "WOW-BE": ("api/v2/send", "StdWOWBE", "WOW-BE"),
}
RAPID_FIRE = "Wunderground-RF"
# What every one of its uploaders sends, within what its simulator makes.
EXPECTED = {
    "temperature": (-30, 40),
    "humidity": (0, 100),
    "dew_point": (-40, 35),
    "sea_level_pressure": (1000, 1100),
    "wind_speed": (0, 10),
}
WITHIN_S = 60.0
CONFIGURATION = """
WEEWX_ROOT = {home}
debug = 0
[Station]
    location = Orchard
    latitude = 52.24
    longitude = 21.01
    altitude = 113, meter
    station_type = Simulator
[Simulator]
    loop_interval = 2.5
    mode = generator
    start = {start}
    driver = weewx.drivers.simulator
[StdRESTful]
    [[StationRegistry]]
        register_this_station = false
{uploaders}
[StdConvert]
    target_unit = US
[StdArchive]
    archive_interval = 60
    record_generation = software
    data_binding = wx_binding
[DataBindings]
    [[wx_binding]]
        database = archive_sqlite
        table_name = archive
        manager = weewx.manager.DaySummaryManager
        schema = schemas.wview_extended.schema
[Databases]
    [[archive_sqlite]]
        database_name = weewx.sdb
        database_type = SQLite
[DatabaseTypes]
    [[SQLite]]
        driver = weedb.sqlite
        SQLITE_ROOT = {home}
[StdWXCalculate]
    [[Calculations]]
        pressure = prefer_hardware
        altimeter = prefer_hardware
        dewpoint = prefer_hardware
        rainRate = prefer_hardware
[Logging]
    [[root]]
        level = INFO
        handlers = console,
[Engine]
    [[Services]]
        data_services =
        process_services = weewx.engine.StdConvert, weewx.wxservices.StdWXCalculate
        xtype_services = weewx.wxxtypes.StdWXXTypes, weewx.wxxtypes.StdPressureCooker
        archive_services = weewx.engine.StdArchive
        restful_services = {services}
"""
UPLOADER = """
    [[{name}]]
        enable = true
        station = {station}
        password = {password}
        server_url = {url}
        log_success = true
        log_failure = true
        retry_wait = 1
        {more}
"""


def check(installation: Installation) -> list[str]:
    """Run it; return what was seen, one line each.

    :raises Wrong: when something did not arrive, or arrived as something else.
    """
    stations = {name: installation.station(f"WeeWX {name}") for name in UPLOADERS}
    said = _run(installation, {name: station.key for name, station in stations.items()}, until="Published")
    seen = [_compared(installation, name, station, said) for name, station in stations.items()]
    seen.append(f"WeeWX, rapid fire: {said.count(f'{RAPID_FIRE}: Published')} packets published")
    wrong = _run(installation, dict.fromkeys(UPLOADERS, "not-the-key"), until="401")
    if "Terminating" in wrong or "retry in" in wrong:
        raise Wrong(f"WeeWX fell silent over a wrong password: {wrong[-1500:]}")
    return [*seen, f"WeeWX with a wrong password: {wrong.count('401')} answers of 401, and it went on"]


def _run(installation: Installation, keys: dict[str, str], *, until: str) -> str:
    """Run WeeWX until each uploader logged a word, or long enough; return its log."""
    home = installation.directory / f"weewx-{time.monotonic_ns()}"
    home.mkdir()
    _configure(home, installation, keys)
    log = home / "log"
    with log.open("w") as out:
        command = [str(environment("weewx", PACKAGE) / "weewxd"), str(home / "weewx.conf")]
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        end = time.monotonic() + WITHIN_S
        while time.monotonic() < end and process.poll() is None and not _all_said(log.read_text(), until):
            time.sleep(0.5)
    finally:
        process.kill()
        process.wait()
    return log.read_text()


def _configure(home: Path, installation: Installation, keys: dict[str, str]) -> None:
    uploaders = [
        UPLOADER.format(
            name=name,
            station="ORCHARD",
            password=key,
            url=f"{installation.url}/{UPLOADERS[name][0]}",
            more="rapidfire = true\n        archive_post = true" if name == "Wunderground" else "",
        )
        for name, key in keys.items()
    ]
    services = ", ".join(f"weewx.restx.{service}" for _, service, _ in UPLOADERS.values())
    start = time.strftime("%Y-%m-%dT%H:%M", time.localtime(time.time() - 86_400))
    text = CONFIGURATION.format(home=home, start=start, uploaders="".join(uploaders), services=services)
    (home / "weewx.conf").write_text(text)


def _all_said(log: str, word: str) -> bool:
    return all(any(called in line and word in line for line in log.splitlines()) for _, _, called in UPLOADERS.values())


def _compared(installation: Installation, name: str, station: Station, said: str) -> str:
    values = installation.latest(station)
    for quantity, (low, high) in EXPECTED.items():
        value = values.get(quantity)
        if not isinstance(value, int | float) or not low <= value <= high:
            raise Wrong(f"WeeWX, {name}: {quantity} is {value!r}. Its log ends: {said[-1500:]}")
    shown = f"{values['temperature']:.1f} °C, {values['sea_level_pressure']:.1f} hPa"
    return f"WeeWX, {name}: {len(values)} quantities, {shown}"
