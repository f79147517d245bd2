"""The forms of a file import: the upload, and the mapping of its columns."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from sensorfusion.ingest.files import sniffing
from sensorfusion.ingest.files.mappings import zone
from sensorfusion.ingest.files.rows import BadPlan, Column, Plan, column_of

MOST_COLUMNS: Final = 100  # on the page; the command line has no limit


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV, NDJSON or a JSON list, Parquet, a WeeWX database, OpenWeatherMap's history; .gz too.",
    )


class MappingForm(forms.Form):
    """The quantity and unit of every column; the fields of a column are numbered by its position."""

    time_column = forms.ChoiceField(label="Time")
    time_zone = forms.CharField(
        max_length=64,
        required=False,
        help_text="For times without a time zone.",
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    time_format = forms.CharField(
        label="Form of times", max_length=64, required=False, help_text="Such as %d.%m.%Y %H:%M, if not RFC 3339."
    )
    missing = forms.CharField(
        label="Also means missing", max_length=100, required=False, help_text="Besides NA, --, -9999 and empty cells."
    )

    def __init__(self, *arguments: Any, header: Sequence[str], plan: Plan, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.header = [name.strip() for name in header][:MOST_COLUMNS]
        self._plan = plan
        self.fields["time_column"].choices = [(name, name) for name in self.header]  # type: ignore[attr-defined]  # of a ChoiceField
        self.initial = {
            **self.initial,
            "time_column": plan.time_column,
            "time_zone": plan.time_zone.key if plan.time_zone else "",
            "time_format": plan.time_format,
            "missing": " ".join(sorted(plan.missing)),
        }
        taken = {each.name: each for each in plan.columns}
        for index, name in enumerate(self.header):
            self._add_column(index, name, taken.get(name))

    def _add_column(self, index: int, name: str, column: Column | None) -> None:
        quantity = forms.CharField(
            label=f"{name} holds", max_length=64, required=False, widget=_listed("quantities", f"What {name} holds")
        )
        unit = forms.CharField(label="in", max_length=32, required=False, widget=_listed("units", f"Unit of {name}"))
        self.fields[f"quantity-{index}"], self.fields[f"unit-{index}"] = quantity, unit
        if column:
            self.initial = {**self.initial, f"quantity-{index}": column.quantity, f"unit-{index}": column.unit}

    def columns(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Return the name and the fields of each column."""
        return [(name, self[f"quantity-{index}"], self[f"unit-{index}"]) for index, name in enumerate(self.header)]

    def clean(self) -> dict[str, Any]:
        found: list[Column] = []
        for index, name in enumerate(self.header):
            quantity = self.cleaned_data.get(f"quantity-{index}", "").strip()
            unit = self.cleaned_data.get(f"unit-{index}", "").strip()
            if quantity and name != self.cleaned_data.get("time_column"):
                try:
                    column = column_of(f"x={quantity}:{unit}" if unit else f"x={quantity}")
                    found.append(Column(name, column.quantity, column.unit))
                except BadPlan as bad:
                    self.add_error(f"quantity-{index}", str(bad).partition(": ")[2] or str(bad))
        if not found and not self.errors:
            self.add_error(None, "Enter a quantity for at least one column.")
        try:
            self.cleaned_data["zone"] = zone(self.cleaned_data.get("time_zone", "").strip())
        except BadPlan as bad:
            self.add_error("time_zone", str(bad))
        self.cleaned_data["columns"] = tuple(found)
        return self.cleaned_data

    def plan(self) -> Plan:
        """Return the plan that was entered."""
        return Plan(
            columns=self.cleaned_data["columns"],
            time_column=self.cleaned_data["time_column"],
            time_format=self.cleaned_data["time_format"],
            time_zone=self.cleaned_data["zone"],
            missing=frozenset(self.cleaned_data["missing"].split()),
            decimal_comma=self._plan.decimal_comma,
        )


def guessed(header: Sequence[str], *, time_zone: str) -> Plan:
    """Guess the meaning of a file's columns from their names, each quantity at most once."""
    time = sniffing.time_column(header)
    found: dict[str, Column] = {}
    for name in header[:MOST_COLUMNS]:
        column = sniffing.column(name) if name.strip() != time else None
        if column:
            found.setdefault(column.quantity, column)
    return Plan(columns=tuple(found.values()), time_column=time, time_zone=zone(time_zone))


def _listed(name: str, label: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={"class": "input", "list": name, "autocomplete": "off", "spellcheck": "false", "aria-label": label}
    )
