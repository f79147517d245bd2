"""What is wrong with a page's forms, in sentences of our own, each with the field that it is about.

The frame of every page shows them on top (`web/error-summary.html`), found in the page's context: a view only has to
pass its bound forms. Pages whose inputs belong to no form class pass a list of `Fault` as `faults`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop

_ASKED: Final[tuple[tuple[type[forms.Field], str], ...]] = (
    (forms.IntegerField, gettext_noop("{label} must be a whole number, such as 60.")),
    (forms.DateTimeField, gettext_noop("{label} must be a date and a time, such as 2026-11-29 14:30.")),
    (forms.DateField, gettext_noop("{label} must be a date, such as 2026-11-29.")),
    (forms.EmailField, gettext_noop("{label} must be an address such as ada@example.org.")),
    (forms.Field, gettext_noop("{label} cannot be read.")),
)
_NUMBER: Final = gettext_noop("{label} must be a number, such as 52.2.")  # FloatField is an IntegerField to Django
_MISSING: Final = gettext_noop("{label} is missing.")
_CHOICE: Final = gettext_noop("{label}: choose one of the options.")
_SAID: Final = {
    "required": _MISSING,
    "blank": _MISSING,
    "null": _MISSING,
    "missing": _MISSING,
    "empty": gettext_noop("{label} is empty."),
    "min_value": gettext_noop("{label} is at least {limit_value}."),
    "max_value": gettext_noop("{label} is at most {limit_value}."),
    "min_length": gettext_noop("{label} has at least {limit_value} characters; these are {show_value}."),
    "max_length": gettext_noop("{label} has at most {limit_value} characters; these are {show_value}."),
    "invalid_choice": _CHOICE,
    "invalid_list": _CHOICE,
    "null_characters_not_allowed": gettext_noop("{label} contains a character that cannot be stored."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence, and the id of the input it is about; empty if there is none."""

    text: str
    at: str = ""


def faults_in(context: Mapping[str, Any]) -> list[Fault]:
    """Return the faults of a page's context, in the order of its forms and their fields."""
    found: list[Fault] = [*context.get("faults", ())]
    for form in {id(form): form for form in _forms_in(context.values())}.values():
        found.extend(_of(form))
    return list(dict.fromkeys(found))


def said_at(field: forms.BoundField) -> list[str]:
    """Return the sentences to write at a field."""
    found = field.form.errors.as_data().get(field.name, [])
    return [_sentence(error, str(field.label), field.field) for error in found]


def _forms_in(values: Iterable[Any]) -> Iterator[forms.BaseForm]:
    """Give the forms that were refused, those of a page's rows too."""
    for value in values:
        for each in value if isinstance(value, list) else (value,):
            form = each if isinstance(each, forms.BaseForm) else getattr(each, "form", None)
            if isinstance(form, forms.BaseForm) and form.is_bound and form.errors:
                yield form


def _of(form: forms.BaseForm) -> Iterator[Fault]:
    errors = form.errors.as_data()
    first = next((field for field in form if not field.is_hidden), None)
    for error in errors.get(NON_FIELD_ERRORS, []):
        for text in error.messages:
            yield Fault(text, _id(first) if first else "")
    for field in form:
        for error, text in zip(errors.get(field.name, []), said_at(field), strict=True):
            yield Fault(text if _is_djangos(error) else f"{field.label}: {text}", _id(field))


def _id(field: forms.BoundField) -> str:
    """Return the id of the input; of the first one of a group of boxes."""
    return str(field.id_for_label or f"{field.auto_id}_0")


def _is_djangos(error: ValidationError) -> bool:
    return isinstance(error.message, Promise) and (error.code in _SAID or error.code == "invalid")


def _sentence(error: ValidationError, label: str, field: forms.Field) -> str:
    if not _is_djangos(error):
        return " ".join(error.messages)
    wanted = _SAID.get(error.code or "") or _asked(field)
    return gettext(wanted).format(label=label, **{"limit_value": "", "show_value": "", **(error.params or {})})


def _asked(field: forms.Field) -> str:
    if isinstance(field, forms.FloatField | forms.DecimalField):
        return _NUMBER
    return next(said for kind, said in _ASKED if isinstance(field, kind))
