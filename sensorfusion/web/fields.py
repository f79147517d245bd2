"""Forms whose fields, labels and rows come from a declaration (`domain.fields`), shown by `web/rows.html`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

from django import forms
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from sensorfusion.domain.fields import PLAIN, Field, Row, declared

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Column: TypeAlias = "models.Field[Any, Any]"
_LOCAL: Final = "%Y-%m-%dT%H:%M"


def local_minute(label: "StrOrPromise", **options: Any) -> forms.DateTimeField:
    """Return a field for a minute of the site's clock. Django parses it in the time zone of the process."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL)
    return forms.DateTimeField(label=label, input_formats=[_LOCAL], widget=widget, **options)


class PlainNumber(forms.NumberInput):
    """Shows 113, not 113.0, for whole numbers."""

    def __init__(self) -> None:
        super().__init__(attrs={"step": "any", "inputmode": "decimal"})

    def format_value(self, value: Any) -> str | None:
        shown: str | None = super().format_value(value)
        return shown.removesuffix(".0") if shown else shown


class Lines(forms.CharField):
    """Text of several lines. A browser sends CR LF for every line break, also for those that are stored as LF."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of `LineRows`: the end of its inputs' name, its heading, and the id of its list of suggestions."""

    key: str
    label: str
    suggestions: str = ""
    example: str = ""


class LineRows(forms.Widget):
    """Shows lines of `name = meaning` as rows of inputs; their text is what the field gets.

    There are empty rows for more, so no script is needed; an emptied row is removed. A program may send the text.
    `samples` has by first cell what was last received; the page sets it.
    """

    EMPTY_ROWS: Final = 3

    def __init__(self, first: Cell, *others: Cell, split: Callable[[str], Sequence[str]], samples: str = "") -> None:
        super().__init__()
        self.cells, self.split, self.samples_of = (first, *others), split, samples
        self.samples: Mapping[str, str] = {}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        if not self._has_rows(data, name):
            return data.get(name)  # type: ignore[no-any-return]  # of a QueryDict
        if self.value_omitted_from_data(data, files, name):
            return None
        columns = [data.getlist(each) for each in self._names(name)]
        return "\n".join(line for cells in zip(*columns, strict=True) if (line := _line(cells)))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        if name not in data or not self._has_rows(data, name):
            return name not in data
        return len({len(data.getlist(each)) for each in self._names(name)}) > 1

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        lines = [line for line in str(value or "").splitlines() if line.strip()]
        rows = [[*self.split(line)] for line in lines] + [[""] * len(self.cells)] * self.EMPTY_ROWS
        context = {
            "id": (attrs or {}).get("id", ""),
            "attrs": {key: said for key, said in (attrs or {}).items() if key.startswith("aria-")},
            "cells": self.cells,
            "samples_of": self.samples_of,
            "rows": [
                (list(zip(self.cells, self._names(name), row, strict=True)), self.samples.get(row[0], ""))
                for row in rows
            ],
        }
        return mark_safe(render_to_string("web/line-rows.html", context))  # rendered with escaping

    def _names(self, name: str) -> list[str]:
        """Return the names of the inputs by column; the first is that of the field."""
        return [name, *(f"{name}.{cell.key}" for cell in self.cells[1:])]

    def _has_rows(self, data: Any, name: str) -> bool:
        first, *others = self._names(name)
        return hasattr(data, "getlist") and (len(data.getlist(first)) > 1 or any(each in data for each in others))


def _line(cells: Sequence[str]) -> str:
    first, *others = (cell.replace("\n", " ").strip() for cell in cells)
    meaning = " ".join(each for each in others if each)
    is_comment = first.startswith("#") and not meaning
    return first if is_comment or not first + meaning else f"{first} = {meaning}".rstrip()


class InRows:
    """A form that is shown by rows of its fields."""

    rows: ClassVar[tuple[Row, ...]]

    def shown_rows(self) -> Iterator[tuple[Row, list[forms.BoundField]]]:
        """Give each row with its fields."""
        for row in self.rows:
            yield row, [self[name] for name in row.names]  # type: ignore[index]  # a form is indexed by names


def inputs(details: type) -> Callable[..., forms.Field | None]:
    """Return the `formfield_callback` that makes the inputs of declared columns."""
    known = declared(details)

    def made(column: Column, **options: Any) -> forms.Field | None:
        return _input(column, known.get(column.name, PLAIN), options)

    return made


def sent(form: forms.BaseForm) -> dict[str, Any]:
    """Return the cleaned values of the fields that the browser sent: what it did not send is not to be changed.

    A box that is not ticked is never sent, so each box of the form counts.
    """
    return {
        name: value for name, value in form.cleaned_data.items() if name in form.fields and not _omitted(form, name)
    }


def _omitted(form: forms.BaseForm, name: str) -> bool:
    widget = form.fields[name].widget
    return bool(widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name)))


def _input(column: Column, field: Field, options: dict[str, Any]) -> forms.Field | None:
    if field.label:
        options["label"] = gettext_lazy(field.label)
    if field.help is not None:
        options["help_text"] = gettext_lazy(field.help) if field.help else ""
    return column.formfield(**{**_kind(column, field.attributes), **options})


def _kind(column: Column, attributes: Mapping[str, str]) -> dict[str, Any]:
    """Choose the input by the kind of column."""
    match column:
        case models.FloatField():
            return {"widget": PlainNumber()}
        case models.DateField():
            return {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        case models.TextField():
            return {"form_class": Lines, "widget": Lines.widget}
    return {"widget": forms.TextInput(attrs=dict(attributes))} if attributes else {}
