"""The form of a sensor's poll settings. Headers can be entered, but are never shown again."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from sensorfusion.domain.fields import Row, declared
from sensorfusion.ingest.polling.fetching import BadAddress, target_of
from sensorfusion.ingest.polling.headers import BadHeaders, parse_headers
from sensorfusion.ingest.polling.mapping import BadMapping, Field, cells, in_jsonpath, parse_fields
from sensorfusion.ingest.polling.paths import BadPath, parse
from sensorfusion.ingest.polling.words import settings_in_words
from sensorfusion.sensors.polls.fields import FORM_NAMES, PollDetails
from sensorfusion.sensors.polls.models import LONGEST_S, SHORTEST_S
from sensorfusion.web.fields import Cell, InRows, LineRows, sent

TIME_PATH_CHARACTERS = 200  # of the column
_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class PollForm(InRows, forms.Form):
    rows = (
        Row(("url",)),
        Row(("fields_text",)),
        Row(("interval_s", "time_path")),
        Row(("headers",)),
    )

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        help_text=gettext_lazy(
            "Requested with GET; must answer JSON. Editors of the site can see it: put secrets into headers."
        ),
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "url", "placeholder": "http://192.168.1.20/status"}),
    )
    interval_s = forms.IntegerField(
        label=gettext_lazy("Every"),
        min_value=SHORTEST_S,
        max_value=LONGEST_S,
        initial=60,
        help_text=gettext_lazy("Seconds."),
    )
    fields_text = forms.CharField(
        label=gettext_lazy("Paths"),
        max_length=10_000,
        help_text=gettext_lazy(
            "Paths are JSONPath: $.main.temp, $.list[0].id, $['odd name'].value, $.list[?@.type==1].temp. "
            "A factor stands behind the unit: °C * 0.1"
        ),
    )
    time_path = forms.CharField(
        label=gettext_lazy("Path of the time"),
        max_length=TIME_PATH_CHARACTERS,
        required=False,
        help_text=gettext_lazy("RFC 3339 or epoch. Without a path, a reading gets the time of the answer."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    headers = forms.CharField(
        label=gettext_lazy("Headers"),
        max_length=8000,
        required=False,
        help_text=gettext_lazy(
            "One line each, such as X-API-Key: 0123abc. They are stored encrypted and not shown again."
        ),
        widget=forms.Textarea(attrs={**_PLAIN, "rows": 2}),
    )
    drop_headers = forms.BooleanField(label=gettext_lazy("Send no headers any more"), required=False)
    is_on = forms.BooleanField(label=gettext_lazy("Poll regularly"), required=False, initial=True)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["fields_text"].widget = LineRows(
            Cell("quantity", gettext("Quantity"), "quantities", "temperature"),
            Cell("path", gettext("Path"), "", "$.main.temp"),
            Cell("unit", gettext("Unit"), "units", "°C"),
            split=cells,
            samples=gettext("Last value"),
        )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            target_of(url)
        except BadAddress as error:
            raise ValidationError(settings_in_words(str(error))) from None
        return url

    def clean_fields_text(self) -> str:
        text = str(self.cleaned_data["fields_text"])
        try:
            parse_fields(text)
        except BadMapping as error:
            raise ValidationError(settings_in_words(str(error))) from None
        return in_jsonpath(text)

    def clean_time_path(self) -> str:
        text = str(self.cleaned_data["time_path"]).strip()
        if not text:
            return ""
        try:
            newer = parse(text).text
        except BadPath as error:
            raise ValidationError(settings_in_words(f"{error}.")) from None
        return newer if len(newer) <= TIME_PATH_CHARACTERS else text

    def clean_headers(self) -> str:
        text = str(self.cleaned_data["headers"])
        try:
            parse_headers(text)
        except BadHeaders as error:
            raise ValidationError(settings_in_words(str(error))) from None
        return text

    def details(self) -> PollDetails:
        """Return what the browser sent for the service; the rest stays as it is stored."""
        said = {**self.cleaned_data, **self.initial, **sent(self), "headers": self.new_headers()}
        return PollDetails(**{name: said[FORM_NAMES.get(name, name)] for name in declared(PollDetails)})

    def new_headers(self) -> str | None:
        """Return the headers to send from now on, or None to keep the stored ones."""
        if self.cleaned_data["drop_headers"]:
            return ""
        return self.cleaned_data["headers"] or None

    def mapping(self) -> "list[Field]":
        """Return the parsed mapping."""
        return list(parse_fields(self.cleaned_data["fields_text"]))
