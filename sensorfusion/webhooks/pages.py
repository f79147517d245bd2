"""The pages of a site's webhooks, for its owners: the list, each with its form and its log, and what can be done."""

from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.accounts.signing_in.recent import after_proof
from sensorfusion.sensors.access import site_or_404
from sensorfusion.sensors.keys.encryption import decrypt, encrypt
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.queries import may_own
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud, RefusedIn, TypedConfirmation
from sensorfusion.webhooks import services
from sensorfusion.webhooks.forms import WebhookForm
from sensorfusion.webhooks.models import TEST, Delivery, Event, Webhook
from sensorfusion.webhooks.queries import deliveries_of, owned_webhooks

ON_A_PAGE: Final = 25
_IN_SESSION: Final = "new webhook secrets"
_EVENTS: Final[dict[str, str | Promise]] = {**dict(Event.choices), TEST: gettext_lazy("Test")}


@login_required
@never_cache
@require_safe
def webhooks(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = _owned(request, uuid)
    return _page(request, "webhooks/webhooks.html", site, "site-webhooks", events=_EVENTS)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@after_proof("site-webhook-add", "uuid")
def add(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = _owned(request, uuid)
    form = WebhookForm(request.POST if request.method == "POST" else None, site=site)
    if form.is_valid():
        with RefusedIn(form):
            issued = services.make_webhook(by=request.user, site=site, now=timezone.now(), **form.columns())
            _show_once(request, issued)
            return redirect("site-webhook", uuid, issued.webhook.uuid)
    return _page(request, "webhooks/add.html", site, "site-webhook-add", form=form)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@after_proof("site-webhook", "uuid", "webhook")
def one(request: SignedIn, uuid: UUID, webhook: UUID) -> HttpResponse:
    site = _owned(request, uuid)
    found = _found(request, site, webhook)
    form = WebhookForm(request.POST if request.method == "POST" else None, site=site, webhook=found)
    if form.is_valid():
        with RefusedIn(form):
            if changes := form.changes(found):
                services.change_webhook(by=request.user, webhook=found, now=timezone.now(), **changes)
            messages.success(request, gettext("Saved."))
            return redirect("site-webhook", uuid, webhook)
    return _one(request, site, found, form=form)


@login_required
@sent_from("site-webhook", "uuid", "webhook")
@after_proof("site-webhook", "uuid", "webhook")
def act(request: SignedIn, uuid: UUID, webhook: UUID) -> HttpResponse:
    found = _found(request, _owned(request, uuid), webhook)
    with RefusedAloud(request):
        _act(request, found)
    return redirect("site-webhook", uuid, webhook)


@login_required
@sent_from("site-webhook", "uuid", "webhook")
def replay(request: SignedIn, uuid: UUID, webhook: UUID, delivery: UUID) -> HttpResponse:
    found = _found(request, _owned(request, uuid), webhook)
    chosen = Delivery.objects.filter(webhook=found, uuid=delivery)
    if not chosen.exists():
        raise Http404
    with RefusedAloud(request):
        many = services.replay(by=request.user, deliveries=chosen, webhook=found, now=timezone.now())
        waits = gettext("It is not sent again: it waits, or is a test.")
        messages.success(request, pgettext("webhook", "It is sent again.") if many else waits)
    return redirect("site-webhook", uuid, webhook)


@login_required
@never_cache
@sent_from("site-webhook", "uuid", "webhook")
def delete(request: SignedIn, uuid: UUID, webhook: UUID) -> HttpResponse:
    site = _owned(request, uuid)
    found = _found(request, site, webhook)
    form = TypedConfirmation(request.POST, name=found.name)
    if form.is_valid():
        with RefusedIn(form):
            services.delete_webhook(by=request.user, webhook=found)
            said = gettext("{name} is deleted. What waited for it is not sent.")
            messages.success(request, said.format(name=found.name))
            return redirect("site-webhooks", uuid)
    return _one(request, site, found, confirmation=form)


def _act(request: SignedIn, found: Webhook) -> None:
    by, now = request.user, timezone.now()
    match request.POST.get("action"):
        case "test":
            services.test_webhook(by=by, webhook=found, now=now)
            messages.success(request, gettext("A test is sent. The log below has what was answered."))
        case "pause" | "resume" as action:
            services.change_webhook(by=by, webhook=found, now=now, is_on=action == "resume")
            said = gettext("{name} is resumed.") if action == "resume" else gettext("{name} is paused.")
            messages.success(request, said.format(name=found.name))
        case "rotate":
            _show_once(request, services.rotate_secret(by=by, webhook=found, now=now))
        case "replay":
            dead = Delivery.objects.filter(webhook=found).exclude(given_up_at=None)
            many = services.replay(by=by, deliveries=dead, webhook=found, now=now)
            messages.success(request, gettext("Sent again: {count}.").format(count=many))


def _one(
    request: SignedIn,
    site: Site,
    webhook: Webhook,
    *,
    form: WebhookForm | None = None,
    confirmation: TypedConfirmation | None = None,
) -> HttpResponse:
    """Render the page of a webhook, with the form that was refused if there is one."""
    dead = Delivery.objects.filter(webhook=webhook).exclude(given_up_at=None).exclude(event=TEST)
    old = webhook.old_secret_until
    return _page(
        request,
        "webhooks/one.html",
        site,
        "site-webhook",
        webhook=webhook,
        form=form or WebhookForm(site=site, webhook=webhook),
        confirmation=confirmation or TypedConfirmation(name=webhook.name),
        secret=_shown_once(request, webhook),
        old_until=old if old and old > timezone.now() else None,
        deliveries=Paginator(deliveries_of(webhook), ON_A_PAGE).get_page(request.GET.get("page")),
        dead=dead.count(),
        events=_EVENTS,
        test=TEST,
    )


def _page(request: SignedIn, template: str, site: Site, current: str, **more: Any) -> HttpResponse:
    listed = list(owned_webhooks(request.user).filter(site=site))
    context = {"site": site, "zone": ZoneInfo(site.time_zone), "listed": listed, "current": current, **more}
    is_wrong = any(getattr(more.get(name), "errors", None) for name in ("form", "confirmation"))
    return render(request, template, context, status=400 if is_wrong else 200)


def _owned(request: SignedIn, uuid: UUID) -> Site:
    """:raises Http404: if the operator may not see the site. :raises PermissionDenied: if they do not own it."""
    site = site_or_404(request.user, uuid)
    if not may_own(operator=request.user, site=site):
        raise PermissionDenied
    return site


def _found(request: SignedIn, site: Site, webhook: UUID) -> Webhook:
    found = owned_webhooks(request.user).filter(site=site, uuid=webhook).first()
    if found is None:
        raise Http404
    return found


@sensitive_variables()
def _show_once(request: HttpRequest, issued: services.IssuedWebhook) -> None:
    """Keep a new secret, sealed, in the session until its page shows it."""
    kept = request.session.get(_IN_SESSION, {})
    request.session[_IN_SESSION] = {**kept, str(issued.webhook.uuid): encrypt(issued.secret)}


@sensitive_variables()
def _shown_once(request: HttpRequest, webhook: Webhook) -> str | None:
    kept: dict[str, str] = request.session.get(_IN_SESSION, {})
    sealed = kept.pop(str(webhook.uuid), None)
    if sealed:
        request.session[_IN_SESSION] = kept
    return decrypt(sealed) if sealed else None
