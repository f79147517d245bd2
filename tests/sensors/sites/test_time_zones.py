import zoneinfo

from sensorfusion.sensors.sites.time_zones import time_zones


def test_every_time_zone_on_offer_can_be_used() -> None:
    for name in time_zones():
        zoneinfo.ZoneInfo(name)


def test_well_known_time_zones_are_there() -> None:
    assert {"UTC", "Europe/Warsaw", "America/New_York", "Asia/Kathmandu"} <= time_zones()
