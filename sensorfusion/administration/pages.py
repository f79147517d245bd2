"""What the installation holds and does: pages that only show."""

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from sensorfusion import __version__
from sensorfusion.accounts.administration.queries import announced, closed_features
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.queries import entries_of_all
from sensorfusion.accounts.models import Operator
from sensorfusion.administration import storage as stored
from sensorfusion.administration.access import for_administrators
from sensorfusion.administration.jobs import jobs as all_jobs
from sensorfusion.administration.operators import operators as found_operators
from sensorfusion.administration.queues import queues as all_queues
from sensorfusion.administration.quotas import limits, nearest
from sensorfusion.sensors.models import Sensor, Site

ON_A_PAGE: Final = 50
LONGEST_SEARCH: Final = 100


@for_administrators
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "version": __version__,
        "operators": Operator.objects.filter(is_active=True).count(),
        "sites": Site.objects.count(),
        "sensors": Sensor.objects.count(),
        "whole": stored.whole(),
        "failing": [job for job in all_jobs() if job.is_failing],
        "queues": [queue for queue in all_queues() if queue.trouble],
        "nearest": [used for used in nearest(now=now) if used.usage.level],
        "closed": sorted(closed_features()),
        "announced": announced(now=now),
    }
    return render(request, "administration/overview.html", context)


@for_administrators
@require_safe
def operators(request: HttpRequest) -> HttpResponse:
    search = _asked(request, "search")
    shown = _page(request, found_operators(search=search, now=timezone.now()))
    context = {"rows": shown, "search": search, "kept": urlencode({"search": search})}
    return render(request, "administration/operators.html", context)


@for_administrators
@require_safe
def storage(request: HttpRequest) -> HttpResponse:
    search = _asked(request, "search")
    context = {
        "rows": _page(request, stored.sites_by_size(search=search)),
        "search": search,
        "kept": urlencode({"search": search}),
        "whole": stored.whole(),
        "at": stored.measured_at(),
    }
    return render(request, "administration/storage.html", context)


@for_administrators
@require_safe
def storage_of_site(request: HttpRequest, uuid: UUID) -> HttpResponse:
    site = get_object_or_404(Site, uuid=uuid)
    context = {"rows": _page(request, stored.sensors_by_size(site)), "site": site, "at": stored.measured_at()}
    return render(request, "administration/storage-site.html", context)


@for_administrators
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/jobs.html", {"jobs": all_jobs()})


@for_administrators
@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/queues.html", {"queues": all_queues()})


@for_administrators
@require_safe
def quotas(request: HttpRequest) -> HttpResponse:
    context = {"limits": limits(), "nearest": nearest(now=timezone.now())}
    return render(request, "administration/quotas.html", context)


@for_administrators
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    search, action = _asked(request, "search"), _asked(request, "action")
    action = action if action in Action.values else ""
    entries = entries_of_all(action=action, search=search, now=timezone.now())
    context = {
        "entries": _page(request, entries),
        "search": search,
        "action": action,
        "actions": Action.choices,
        "kept": urlencode({"search": search, "action": action}),
    }
    return render(request, "administration/audit.html", context)


def _asked(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").strip()[:LONGEST_SEARCH]


def _page(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
