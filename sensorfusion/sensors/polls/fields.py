"""The settings of a poll, declared once: see `domain.fields`. The form is `ingest.polling.forms.PollForm`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollDetails:
    """An editor's settings. `headers` are lines of `Name: value`; None keeps the stored ones."""

    url: str
    interval_s: int
    fields: str
    time_path: str = ""
    headers: str | None = None
    is_on: bool = True


# A form has an attribute `fields` of its own: there this field is `fields_text`.
FORM_NAMES = {"fields": "fields_text"}
