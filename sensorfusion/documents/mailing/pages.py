"""Choosing which reports of a sensor come by e-mail; the list of one's own; the link of a message that ends them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.documents.mailing import services
from sensorfusion.documents.mailing.forms import EveryForm
from sensorfusion.documents.mailing.queries import subscription_by, subscriptions_of
from sensorfusion.mail.outbox import is_configured
from sensorfusion.sensors.access import sensor_or_404
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud


@login_required
@sent_from("reports", "uuid")
def choose(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = sensor_or_404(request.user, uuid)
    form = EveryForm(request.POST)
    if not form.is_valid():
        raise Http404
    with RefusedAloud(request):
        services.choose(
            by=request.user,
            sensor=sensor,
            wanted=form.wanted(),
            now=timezone.now(),
            with_pdf=form.cleaned_data["with_pdf"],
        )
        messages.success(request, gettext("Saved."))
    return redirect("reports", uuid)


@login_required
@never_cache
@require_safe
def own(request: SignedIn) -> HttpResponse:
    context = {"subscriptions": subscriptions_of(request.user), "mails": is_configured()}
    return render(request, "report_mail/own.html", context)


@login_required
@sent_from("report-mail")
def stop(request: SignedIn, subscription: UUID) -> HttpResponse:
    services.stop(subscription=get_object_or_404(subscriptions_of(request.user), uuid=subscription))
    messages.success(request, gettext("The report does not come any more."))
    return redirect("report-mail")


@csrf_exempt  # mail programs send the POST themselves (RFC 8058); the token is what allows it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """End the subscription of a message's link. Opening the link only asks: programs open links on their own."""
    uuid = services.stopped_by(token)
    if uuid is None:
        raise Http404("There is no such link.")
    subscription = subscription_by(uuid)
    if subscription and request.method == "POST":
        services.stop(subscription=subscription)
        subscription = None
    return render(request, "report_mail/end.html", {"subscription": subscription})
