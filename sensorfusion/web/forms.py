"""Shared parts of the pages' forms: refusals of services as errors, and confirmation of irreversible actions."""

from types import TracebackType
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from sensorfusion.domain.refusals import Refusal


class RefusedIn:
    """Context manager that adds a service's refusal to the form's errors, at its field if it has one."""

    def __init__(self, form: forms.BaseForm) -> None:
        self.form = form

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        match error:
            case Refusal():
                self.form.retry_after_s = error.retry_after_s  # type: ignore[attr-defined]  # for `told_to_wait`
                self.form.add_error(error.field if error.field in self.form.fields else None, error.shown)
            case ValidationError(error_dict=wrong):
                for field, reasons in wrong.items():
                    self.form.add_error(field if field in self.form.fields else None, reasons)
            case ValidationError():
                self.form.add_error(None, error)
        return isinstance(error, Refusal | ValidationError)


def told_to_wait(response: HttpResponse, *refused: forms.BaseForm | None) -> HttpResponse:
    """Make the page of forms that were refused because of too many tries say so to programs: 429 with Retry-After."""
    waits = [wait for form in refused if (wait := getattr(form, "retry_after_s", None))]
    if waits:
        response.status_code = 429
        response["Retry-After"] = str(max(waits))
    return response


class RefusedAloud:
    """Context manager that shows a service's refusal as a message on the next page; for actions of one button."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if isinstance(error, Refusal):
            messages.error(self.request, error.shown)
        return isinstance(error, Refusal)


class TypedConfirmation(forms.Form):
    """Asks for the name of an object before it is deleted."""

    typed = forms.CharField(
        max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

    def __init__(self, *arguments: Any, name: str, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.name = name
        self.fields["typed"].label = gettext("Type {name} to confirm").format(name=name)

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if typed != self.name:
            wanted = gettext("That does not match. Type {name}, with its capitals.").format(name=self.name)
            raise ValidationError(wanted, code="not_the_same")
        return typed
