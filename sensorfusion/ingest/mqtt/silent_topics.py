"""Topics that known programs publish beside readings: states, commands, announcements. Their owners need not hear."""

from sensorfusion.ingest.mqtt.adapters.adapter import matches

_FILTERS = (
    "tele/+/LWT", "tele/+/STATE", "tele/+/INFO1", "tele/+/INFO2", "tele/+/INFO3", "tele/+/UPTIME", "stat/#", "cmnd/#",
    "tasmota/discovery/#",  # Tasmota
    "zigbee2mqtt/bridge/#", "+/availability", "+/+/availability", "+/+/+/availability",  # Zigbee2MQTT and others
    "shellies/announce", "shellies/command", "shellies/+/online", "shellies/+/announce", "shellies/+/info",
    "shellies/+/command/#", "+/online", "+/command/#", "+/rpc/#",  # Shelly
    "+/status", "+/debug", "+/+/+/command", "+/+/+/config",  # ESPHome
    "rtl_433/+/states", "+/LWT", "+/+/LWT", "+/+/version", "homeassistant/#", "$SYS/#",
)  # fmt: skip
_SILENT = [each.split("/") for each in _FILTERS]


def is_silent(levels: list[str]) -> bool:
    """Return whether a topic, without its site, carries no readings by design."""
    return any(matches(each, levels) for each in _SILENT)
