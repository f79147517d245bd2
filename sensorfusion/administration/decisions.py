"""What administrators decide for everyone: switches of features, and announcements."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from sensorfusion.accounts.administration.models import Announcement, Feature
from sensorfusion.accounts.administration.queries import announced, ended
from sensorfusion.accounts.administration.services import end_announcement, make_announcement, switch_feature
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.accounts.signing_in.recent import after_proof
from sensorfusion.administration.access import for_administrators
from sensorfusion.administration.features import by_settings, switches
from sensorfusion.administration.forms import AnnouncementForm, SwitchForm
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedIn

ENDED_SHOWN = 10


@for_administrators
@after_proof("administration-features")
def features(request: SignedIn) -> HttpResponse:
    form = SwitchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        feature, is_on = Feature(form.cleaned_data["feature"]), form.cleaned_data["to"] == "on"
        switch_feature(by=request.user, feature=feature, is_on=is_on, now=timezone.now())
        text = gettext("{feature}: open to everyone.") if is_on else gettext("{feature}: closed, nothing new is made.")
        messages.success(request, text.format(feature=feature.label))
        return redirect("administration-features")
    context = {"form": form, "switches": switches(), "settings": by_settings()}
    return render(request, "administration/features.html", context)


@for_administrators
@after_proof("administration-announcements")
def announcements(request: SignedIn) -> HttpResponse:
    form = AnnouncementForm(request.POST or None)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            make_announcement(by=request.user, now=now, **form.cleaned_data)
            messages.success(request, gettext("It stands on all pages now."))
            return redirect("administration-announcements")
    context = {"form": form, "current": announced(now=now), "ended": ended(now=now)[:ENDED_SHOWN]}
    return render(request, "administration/announcements.html", context)


@for_administrators
@sent_from("administration-announcements")
def end(request: SignedIn, number: int) -> HttpResponse:
    announcement = get_object_or_404(Announcement, pk=number)
    end_announcement(by=request.user, announcement=announcement, now=timezone.now())
    messages.success(request, gettext("It is gone from all pages."))
    return redirect("administration-announcements")
