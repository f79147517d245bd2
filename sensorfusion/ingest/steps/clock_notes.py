"""What owners are told of their devices' clocks."""

from datetime import timedelta

from sensorfusion.ingest.steps.batch import Note

_SUBJECT = "observed_at"


def ahead(by: timedelta) -> Note:
    """Return the note for readings from the future, which are kept and never shown as the newest."""
    return Note(
        "clock_ahead",
        _SUBJECT,
        f"The device's clock is {_in_words(by)} ahead. Its readings are kept and flagged, but not shown as the newest. "
        "Set the clock of the device, and its time zone.",
    )


def not_set(sent: object) -> Note:
    """Return the note for readings that are dated at their arrival, because the device does not know the time."""
    what = str(sent)[:64] if sent else "an unreadable time"
    return Note(
        "clock_not_set", _SUBJECT, f"It sent {what}: its clock is not set. Readings are dated at their arrival."
    )


def _in_words(by: timedelta) -> str:
    """Round to the unit that a wrong zone or a wrong date is thought of in."""
    minutes = round(by / timedelta(minutes=1))
    if minutes < 90:
        return f"{minutes} minutes"
    hours = round(by / timedelta(hours=1), 1)
    return f"{hours:g} hours" if hours < 48 else f"{round(hours / 24)} days"
