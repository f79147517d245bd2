"""Forms whose fields, labels and rows come from a declaration (`domain.fields`), shown by `web/rows.html`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeAlias

from django import forms
from django.db import models

from sensorfusion.domain.fields import PLAIN, Field, Row, declared

Column: TypeAlias = "models.Field[Any, Any]"


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
        options["label"] = field.label
    if field.help is not None:
        options["help_text"] = field.help
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
