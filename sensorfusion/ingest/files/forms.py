"""The forms of a file import: the upload, and the mapping of its columns."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext

from sensorfusion.ingest.files.columns.guesses import Question
from sensorfusion.ingest.files.columns.sniffing import settled
from sensorfusion.ingest.files.mappings import zone, zone_name
from sensorfusion.ingest.files.reasons.words import in_words
from sensorfusion.ingest.files.rows import BadPlan, Column, Plan, column_of
from sensorfusion.ingest.files.sheets.headers import MOST_ROWS, HeaderRows

MOST_COLUMNS: Final = 100  # on the page; the command line has no limit
# Those that programs write besides UTF-8 and UTF-16, which are recognised.
ENCODINGS: Final = (
    ("cp1250", gettext_lazy("Central European (cp1250)")),
    ("cp1251", gettext_lazy("Cyrillic (cp1251)")),
    ("cp1252", gettext_lazy("Western European (cp1252)")),
    ("cp1253", gettext_lazy("Greek (cp1253)")),
    ("cp1254", gettext_lazy("Turkish (cp1254)")),
    ("cp437", gettext_lazy("DOS (cp437)")),
    ("mac_roman", "Mac Roman"),
    ("shift_jis", gettext_lazy("Japanese (Shift JIS)")),
    ("gb18030", gettext_lazy("Chinese (GB 18030)")),
)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, NDJSON or a JSON list, Parquet, a WeeWX database, OpenWeatherMap's history; .gz too."
        ),
    )


class ShapeForm(forms.Form):
    """Where the header of a text table is, and its encoding; changing them changes the columns."""

    header_line = forms.IntegerField(label=gettext_lazy("Header at line"), min_value=1, max_value=10_000)
    header_rows = forms.TypedChoiceField(
        label=gettext_lazy("Rows of the header"),
        coerce=int,
        choices=[
            (0, gettext_lazy("None: data begins there")),
            *((count, str(count)) for count in range(1, MOST_ROWS + 1)),
        ],
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Letters"), required=False, choices=[("", gettext_lazy("As recognised")), *ENCODINGS]
    )

    def header_at(self) -> HeaderRows:
        return HeaderRows(self.cleaned_data["header_line"], self.cleaned_data["header_rows"])


class MappingForm(forms.Form):
    """The quantity and unit of every column; the fields of a column are numbered by its position."""

    time_column = forms.ChoiceField(label=gettext_lazy("Time"))
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("For times without a time zone."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    time_format = forms.CharField(
        label=gettext_lazy("Form of times"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Empty if it was recognised. The list has common ones, each with how it is written."),
        widget=forms.TextInput(attrs={"list": "time-forms", "autocomplete": "off", "spellcheck": "false"}),
    )
    missing = forms.CharField(
        label=gettext_lazy("Also means missing"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Besides NA, --, -9999 and empty cells."),
    )

    decimal = forms.ChoiceField(
        label=gettext_lazy("Decimals"),
        required=False,
        choices=[("", gettext_lazy("As recognised")), (".", "28.9"), (",", "28,9")],
    )

    def __init__(
        self, *arguments: Any, header: Sequence[str], plan: Plan, questions: Sequence[Question] = (), **keywords: Any
    ) -> None:
        super().__init__(*arguments, **keywords)
        self._questions = {each.column: in_words(each.detail) for each in questions if each.about == "unit"}
        self.header = [name.strip() for name in header][:MOST_COLUMNS]
        self.fields["time_column"].choices = [(name, name) for name in self.header]  # type: ignore[attr-defined]  # of a ChoiceField
        self.initial = {
            **self.initial,
            "time_column": plan.time_column,
            "time_zone": zone_name(plan.time_zone),
            "time_format": plan.time_format,
            "decimal": plan.decimal,
            "missing": " ".join(sorted(plan.missing)),
        }
        taken = {each.name: each for each in plan.columns}
        for index, name in enumerate(self.header):
            self._add_column(index, name, taken.get(name), is_of_time=name in plan.time_parts)

    def _add_column(self, index: int, name: str, column: Column | None, *, is_of_time: bool) -> None:
        quantity = forms.CharField(
            label=gettext("{column} holds").format(column=name),
            max_length=64,
            required=False,
            widget=_listed("quantities", gettext("What {column} holds").format(column=name)),
        )
        unit = forms.CharField(
            label=pgettext("before a unit", "in"),
            max_length=32,
            required=False,
            widget=_listed("units", gettext("Unit of {column}").format(column=name)),
        )
        self.fields[f"quantity-{index}"], self.fields[f"unit-{index}"] = quantity, unit
        box = forms.CheckboxInput(attrs={"aria-label": gettext("{column} is a part of the time").format(column=name)})
        self.fields[f"part-{index}"] = forms.BooleanField(required=False, initial=is_of_time, widget=box)
        if column:
            self.initial = {
                **self.initial,
                f"quantity-{index}": column.label or column.quantity,
                f"unit-{index}": column.unit,
            }

    def columns(self) -> list[tuple[str, forms.BoundField, forms.BoundField, forms.BoundField, str]]:
        """Return the name and the fields of each column, and what is asked about it."""
        asked = {} if self.is_bound else self._questions
        return [
            (name, self[f"quantity-{index}"], self[f"unit-{index}"], self[f"part-{index}"], asked.get(name, ""))
            for index, name in enumerate(self.header)
        ]

    def clean(self) -> dict[str, Any]:
        found: list[Column] = []
        for index, name in enumerate(self.header):
            quantity = self.cleaned_data.get(f"quantity-{index}", "").strip()
            unit = self.cleaned_data.get(f"unit-{index}", "").strip()
            if quantity and name not in self._times():
                try:
                    column = column_of(f"x={quantity}:{unit}" if unit else f"x={quantity}")
                    found.append(settled(replace(column, name=name)))
                except BadPlan as bad:
                    self.add_error(f"quantity-{index}", in_words(str(bad).partition(": ")[2] or str(bad)))
                    continue
                if found[-1].asked:
                    said = gettext("The file writes {unit}: enter the unit that it is.").format(
                        unit=repr(found[-1].asked)
                    )
                    self.add_error(f"unit-{index}", said)
        if not found and not self.errors:
            self.add_error(None, gettext("Enter a quantity for at least one column."))
        try:
            self.cleaned_data["zone"] = zone(self.cleaned_data.get("time_zone", "").strip())
        except BadPlan as bad:
            self.add_error("time_zone", in_words(str(bad)))
        self.cleaned_data["columns"] = tuple(found)
        return self.cleaned_data

    def _times(self) -> set[str]:
        return {self.cleaned_data.get("time_column", ""), *self._parts()}

    def _parts(self) -> tuple[str, ...]:
        first = self.cleaned_data.get("time_column")
        ticked = (name for index, name in enumerate(self.header) if self.cleaned_data.get(f"part-{index}"))
        return tuple(name for name in ticked if name != first)

    def plan(self) -> Plan:
        """Return the plan that was entered."""
        return Plan(
            columns=self.cleaned_data["columns"],
            time_column=self.cleaned_data["time_column"],
            time_parts=self._parts(),
            time_format=self.cleaned_data["time_format"],
            time_zone=self.cleaned_data["zone"],
            missing=frozenset(self.cleaned_data["missing"].split()),
            decimal=self.cleaned_data["decimal"],
        )


def _listed(name: str, label: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={"class": "input", "list": name, "autocomplete": "off", "spellcheck": "false", "aria-label": label}
    )
