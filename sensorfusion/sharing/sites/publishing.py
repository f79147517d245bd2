"""Makes a sensor public in one step, as a part of its site's public page, and takes it off again.

There is one place that says what everybody sees, the page of the site; so nothing here has rights of its own. A page by
link, or one that has ended, is refused: to save it here would show its other sensors to more people than it does.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.sharing.models import Grid, SiteShare
from sensorfusion.sharing.sites.queries import is_open, page_of_site
from sensorfusion.sharing.sites.services import Part, Shown, end_page, share_site, shown_by


@transaction.atomic
def make_public(
    *,
    by: Operator,
    sensor: Sensor,
    name: str,
    quantities: Sequence[str],
    now: datetime,
    slug: str | None = None,
    grid: int = Grid.HIDDEN,
) -> SiteShare:
    """Show these quantities of a sensor on the public page of its site; one that is shown has these from then on.

    A site without a page gets one at `slug`, headed by `name`; a page that there is keeps its address and its place.

    :raises Refusal: `not_allowed`, `limit_reached`, `bad_text` or `name_taken`.
    :raises ValidationError: for an invalid field.
    """
    page = _locked_page(by=by, sensor=sensor)
    part = Part(sensor, name, quantities)
    if page is None:
        shown = Shown(name, [part], slug=slug or "", grid=grid)
    elif is_public(page, now=now):
        before = shown_by(page)
        shown = replace(before, parts=[*_without(sensor, before.parts), part])
    else:
        detail = gettext("The site has a page that is not public. Change who sees it in its sharing.")
        raise Refusal("limit_reached", detail)
    return share_site(by=by, site=sensor.site, shown=shown, now=now)


@transaction.atomic
def end_public(*, by: Operator, sensor: Sensor, now: datetime) -> None:
    """Take a sensor off the public page of its site, which ends with its last one. Open pages go dark.

    :raises Refusal: `not_allowed` or `limit_reached`.
    """
    page = _locked_page(by=by, sensor=sensor)
    if page is None or not is_public(page, now=now):
        raise Refusal("limit_reached", gettext("The site has no public page now. See its sharing."))
    before = shown_by(page)
    others = _without(sensor, before.parts)
    if not others:
        end_page(by=by, page=page)
    elif len(others) < len(before.parts):
        share_site(by=by, site=sensor.site, shown=replace(before, parts=others), now=now)


def is_public(page: SiteShare, *, now: datetime) -> bool:
    return page.is_public and is_open(page, now=now)


def _locked_page(*, by: Operator, sensor: Sensor) -> SiteShare | None:
    """Return the page as it stays until the commit: two editors who add a sensor each both have theirs on it."""
    require_editor(by=by, site=sensor.site)
    Site.objects.select_for_update().get(pk=sensor.site_id)
    return page_of_site(sensor.site)


def _without(sensor: Sensor, parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.sensor.pk != sensor.pk]
