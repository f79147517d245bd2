"""Making an API token that is bound to one site, for its gateways and scripts."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse

from sensorfusion.accounts.forms import TokenForm
from sensorfusion.accounts.pages import SignedIn, make_as_asked
from sensorfusion.accounts.signing_in.recent import after_proof
from sensorfusion.sensors.access import site_or_404
from sensorfusion.sensors.sites.pages import site_page
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedIn


@login_required
@sent_from("site-settings", "uuid")
@after_proof("site-settings", "uuid")
def make(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = site_or_404(request.user, uuid)
    form = TokenForm(request.POST)
    if form.is_valid():
        with RefusedIn(form):
            return make_as_asked(request, form, sites=[site.pk])
    return site_page(request, site, token=form)
