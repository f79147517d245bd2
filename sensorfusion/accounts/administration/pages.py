"""Dismissing an announcement: only this browser remembers it, so visitors without an account may."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from sensorfusion.accounts.administration.frame import dismiss
from sensorfusion.accounts.pages import target_of
from sensorfusion.web.checks.posted import sent_from


@sent_from("overview")
def dismissed(request: HttpRequest, number: int) -> HttpResponse:
    response = redirect(target_of(request))
    dismiss(request, response, number)
    return response
