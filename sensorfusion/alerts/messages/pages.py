"""The page of messages about alerts: how a person is told, channels, what was sent, and maintenance."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sensorfusion.accounts.mailing.services import muted_by
from sensorfusion.accounts.mailing.user_agents import described
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.alerts.messages import browsers, maintenance, services
from sensorfusion.alerts.messages.channels import CHANNELS, push
from sensorfusion.alerts.messages.forms import BrowserForm, ChannelForm, MaintenanceForm, ReaderForm, initial
from sensorfusion.alerts.messages.models import AlertChannel, AlertMessage, AlertReader
from sensorfusion.alerts.messages.queries import messages_of
from sensorfusion.alerts.messages.sender import about
from sensorfusion.alerts.severity import Severity
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.mail.outbox import is_configured, queue_again
from sensorfusion.sensors.queries import editable_sites, may_edit, visible_sites
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn


@login_required
@never_cache
@require_safe
def page(request: SignedIn) -> HttpResponse:
    return _page(request)


@login_required
@sent_from("alert-messages")
def save(request: SignedIn) -> HttpResponse:
    form = ReaderForm(request.POST)
    if not form.is_valid():
        return _page(request, reader_form=form)
    given = form.cleaned_data
    services.save_reader(
        by=request.user, email=given["email"], quiet=form.quiet(), time_zone=given["time_zone"],
        critical_breaks=given["critical_breaks"],
    )  # fmt: skip
    messages.success(request, gettext("Saved."))
    return redirect("alert-messages")


@login_required
@sent_from("alert-messages")
def add(request: SignedIn) -> HttpResponse:
    """Add a channel; the secret that was made for it is shown on this page, and never again."""
    form = ChannelForm(request.POST)
    made = None
    if form.is_valid():
        with RefusedIn(form):
            given = {**form.cleaned_data, "from_severity": Severity(form.cleaned_data["from_severity"])}
            _, made = services.add_channel(by=request.user, now=timezone.now(), **given)
    if made is None or made:
        return _page(request, channel_form=None if made else form, made=made)
    messages.success(request, gettext("The channel is added. Send a test to see whether it works."))
    return redirect("alert-messages")


@login_required
@sent_from("alert-messages")
def notify_browser(request: SignedIn) -> HttpResponse:
    """Notify the browser that sends this; its script made the subscription."""
    form = BrowserForm(request.POST)
    if form.is_valid():
        given = dict(form.cleaned_data)
        severity = Severity(given.pop("from_severity"))
        browser = browsers.Browser(**given, name=described(request.headers.get("User-Agent", "")))
        with RefusedIn(form):
            browsers.notify(by=request.user, browser=browser, from_severity=severity, now=timezone.now())
            messages.success(request, gettext("This browser is notified. Send a test to see it."))
            return redirect("alert-messages")
    return _page(request, browser_form=form)


@login_required
@sent_from("alert-messages")
def switch(request: SignedIn, channel: UUID) -> HttpResponse:
    services.switch_channel(channel=_channel(request, channel))
    return redirect("alert-messages")


@login_required
@sent_from("alert-messages")
def remove(request: SignedIn, channel: UUID) -> HttpResponse:
    _channel(request, channel).delete()
    messages.success(request, gettext("The channel is removed."))
    return redirect("alert-messages")


@login_required
@sent_from("alert-messages")
def test(request: SignedIn, channel: UUID) -> HttpResponse:
    with RefusedAloud(request):
        services.test_channel(channel=_channel(request, channel), now=timezone.now())
        messages.success(request, gettext("A test is on its way. Below you see what it was answered."))
    return redirect("alert-messages")


@login_required
@sent_from("alert-messages")
def again(request: SignedIn, message: UUID) -> HttpResponse:
    found = get_object_or_404(AlertMessage, uuid=message, operator=request.user)
    if found.channel_id is None:
        queue_again(OutboxMessage.objects.filter(about=about(found)), now=timezone.now())
    else:
        services.send_again(message=found, now=timezone.now())
    messages.success(request, gettext("It is sent again."))
    return redirect("alert-messages")


@login_required
@sent_from("alert-messages")
def rest(request: SignedIn) -> HttpResponse:
    form = MaintenanceForm(request.POST, sites=editable_sites(request.user))
    if form.is_valid():
        with RefusedIn(form):
            maintenance.add_maintenance(by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, gettext("During this time, alerts of the site are not told."))
            return redirect("alert-messages")
    return _page(request, rest_form=form)


@login_required
@sent_from("alert-messages")
def end_rest(request: SignedIn, span: UUID) -> HttpResponse:
    found = get_object_or_404(maintenance.spans_of(request.user, now=timezone.now()), uuid=span)
    if not may_edit(operator=request.user, site=found.site):
        raise PermissionDenied
    maintenance.end_maintenance(by=request.user, span=found)
    return redirect("alert-messages")


def _page(request: SignedIn, **given: Any) -> HttpResponse:
    operator, now = request.user, timezone.now()
    reader = AlertReader.objects.filter(operator=operator).first() or AlertReader(operator=operator)
    first = visible_sites(operator).first()
    begins = initial(reader, is_muted=Kind.ALERT in muted_by(operator), time_zone=first.time_zone if first else "UTC")
    sites, channels = editable_sites(operator), _channels(request)
    context = {
        "mails": is_configured(),
        "reader_form": ReaderForm(initial=begins),
        "channels": [(each, CHANNELS[each.kind].label) for each in channels if _is_entered(each)],
        "browsers": [(each, browsers.mark_of(each)) for each in channels if each.kind == push.CHANNEL.kind],
        "browser_form": BrowserForm(),
        "push_key": push.public_key(),
        "channel_form": ChannelForm(),
        "sent": messages_of(operator),
        "spans": maintenance.spans_of(operator, now=now),
        "rest_form": MaintenanceForm(sites=sites) if sites else None,
        **{name: value for name, value in given.items() if value is not None},
    }
    is_wrong = any(isinstance(each, Form) and each.errors for each in given.values())
    return render(request, "alerts/messages.html", context, status=400 if is_wrong else 200)


def _channels(request: SignedIn) -> list[AlertChannel]:
    return list(AlertChannel.objects.filter(operator=request.user).order_by("id"))


def _is_entered(channel: AlertChannel) -> bool:
    return channel.kind in CHANNELS and CHANNELS[channel.kind].is_entered


def _channel(request: SignedIn, uuid: UUID) -> AlertChannel:
    return get_object_or_404(AlertChannel, uuid=uuid, operator=request.user)
