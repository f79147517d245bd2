"""Shares a site: one page with chosen quantities of its sensors, by link or public; and ends that.

The page is saved as a whole. The operator who saves it is its maker from then on: what is shown is a part of the right
of the person who last decided what is shown. A sensor that stays keeps its address; one that goes loses it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from sensorfusion.accounts.administration.models import Feature
from sensorfusion.accounts.administration.services import require_open
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.control import announce
from sensorfusion.events.messages import ShareChanged, SiteShareChanged
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.sharing.models import SLUG_LONGEST, Grid, History, Share, SiteShare
from sensorfusion.sharing.services import checked_origins
from sensorfusion.sharing.showing.widening import Extent, extent
from sensorfusion.sharing.sites.queries import is_open
from sensorfusion.sharing.tokens import copied, digest, make_seed, token_of

PARTS_MOST: Final = 200  # sensors of a page
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")  # never the token of a link, which has an underscore
_UNCHECKED: Final = ["site", "sensor", "page", "made_by", "seed", "digest"]


@dataclass(frozen=True, slots=True)
class Part:
    """A sensor of a page, under the name that visitors read."""

    sensor: Sensor
    name: str
    quantities: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page is to show; without `slug` it is shown by its link only. `password` is None to keep that it has."""

    name: str
    parts: Sequence[Part]
    about: str = ""
    slug: str | None = None
    history: str = History.DAY
    grid: int = Grid.HIDDEN
    password: str | None = field(default="", repr=False)
    expires_at: datetime | None = None
    origins: Sequence[str] = ()  # of sites that may embed its cards


@transaction.atomic
def share_site(*, by: Operator, site: Site, shown: Shown, now: datetime) -> SiteShare:
    """Share a site, or change what its page shows. Open pages follow.

    :raises Refusal: `not_allowed`, `switched_off` if it is to show more, `bad_span`, `bad_text`, `limit_reached` or
        `name_taken`.
    :raises ValidationError: for an invalid field.
    """
    require_editor(by=by, site=site)
    Site.objects.select_for_update().get(pk=site.pk)  # a site has one page, also of two editors at once
    page = SiteShare.objects.filter(site=site).first()
    _require_valid(shown, site=site, page=page, now=now)
    before, showed = (_named(page), _extent(page, now=now)) if page else ("", None)
    page = page or _new_page(site=site, now=now)
    _fill(page, shown, by=by)
    page.clean_fields(exclude=_UNCHECKED)
    if showed is None or _wanted(page, shown).exceeds(showed):
        require_open(Feature.SHARING)
    _save(page)
    _save_parts(page, shown, now=now)
    subject = f"{before} → {_named(page)}" if before else _named(page)
    record(Action.SHARE_CHANGED if before else Action.SHARE_MADE, by=by, site=site, subject=subject)
    announce(SiteShareChanged(share=page.pk))
    return page


def shown_by(page: SiteShare) -> Shown:
    """Return what a page shows now; saving it again changes its maker, and drops sensors that left the site."""
    return Shown(
        name=page.name,
        parts=[
            Part(part.sensor, part.name, part.quantities)
            for part in page.parts.all()
            if part.sensor.site_id == page.site_id
        ],
        about=page.about,
        slug=page.slug,
        history=page.history,
        grid=page.grid,
        password=None,
        expires_at=page.expires_at,
        origins=page.origins,
    )


@transaction.atomic
def end_page(*, by: Operator, page: SiteShare) -> None:
    """Make a site private again; its open pages, and those of its sensors, go dark.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=page.site)
    record(Action.SHARE_ENDED, by=by, site=page.site, subject=_named(page))
    _tell_parts(list(page.parts.values_list("pk", flat=True)))
    announce(SiteShareChanged(share=page.pk))
    page.delete()


def _require_valid(shown: Shown, *, site: Site, page: SiteShare | None, now: datetime) -> None:
    is_new_end = page is None or shown.expires_at != page.expires_at
    if shown.expires_at is not None and is_new_end and shown.expires_at <= now:
        raise Refusal("bad_span", gettext("Write a time in the future."), field="expires")
    if not shown.parts or not all(part.quantities for part in shown.parts):
        raise Refusal("bad_text", gettext("Choose at least one quantity of a sensor."), field="parts")
    if len(shown.parts) > PARTS_MOST:
        detail = gettext("A page shows at most {most} sensors.").format(most=PARTS_MOST)
        raise Refusal("limit_reached", detail, field="parts")
    if len({part.sensor.pk for part in shown.parts}) < len(shown.parts):
        raise Refusal("bad_text", gettext("Name each sensor once."), field="parts")
    if any(part.sensor.site_id != site.pk for part in shown.parts):
        raise Refusal("bad_text", gettext("The sensors of a page are those of its site."), field="parts")
    if shown.slug is not None:
        _require_slug(shown, page=page)


def _require_slug(shown: Shown, *, page: SiteShare | None) -> None:
    if not _SLUG.fullmatch(shown.slug or "") or len(shown.slug or "") > SLUG_LONGEST:
        detail = gettext("Write small letters, digits and hyphens, such as north-road.")
        raise Refusal("bad_text", detail, field="slug")
    if shown.password or (shown.password is None and page and page.password):
        raise Refusal("bad_text", gettext("A public page has no password."), field="password")


def _extent(page: SiteShare, *, now: datetime) -> Extent | None:
    """Return what a page shows; None for one that shows nothing, which saving it would open again."""
    if not is_open(page, now=now):
        return None
    parts = page.parts.filter(sensor__site=page.site_id)
    values = [(part.sensor_id, quantity) for part in parts for quantity in part.quantities]
    return extent(page, values, is_public=page.is_public, has_password=bool(page.password))


def _wanted(page: SiteShare, shown: Shown) -> Extent:
    values = [(part.sensor.pk, quantity) for part in shown.parts for quantity in part.quantities]
    return extent(page, values, is_public=page.is_public, has_password=bool(page.password))


def _new_page(*, site: Site, now: datetime) -> SiteShare:
    seed = make_seed()
    return SiteShare(site=site, seed=seed, digest=digest(token_of(seed)), made_at=now)


def _fill(page: SiteShare, shown: Shown, *, by: Operator) -> None:
    page.made_by, page.name, page.about, page.slug = by, shown.name, shown.about, shown.slug
    page.history, page.grid, page.expires_at = shown.history, shown.grid, shown.expires_at
    page.origins = checked_origins(shown.origins)
    if shown.password is not None:
        page.password = make_password(shown.password) if shown.password else ""


def _save(page: SiteShare) -> None:
    try:
        with transaction.atomic():
            page.save()
    except IntegrityError as error:
        detail = gettext("Another page has this address. Write another.")
        raise Refusal("name_taken", detail, field="slug") from error


def _save_parts(page: SiteShare, shown: Shown, *, now: datetime) -> None:
    """Make the shares of the page's sensors as chosen. They have its range, place, password and maker."""
    held = {share.sensor_id: share for share in page.parts.all()}
    wanted = {part.sensor.pk for part in shown.parts}
    gone = [share.pk for sensor, share in held.items() if sensor not in wanted]
    _tell_parts([share.pk for share in held.values()])
    page.parts.filter(pk__in=gone).delete()
    for part in shown.parts:
        share = held.get(part.sensor.pk) or Share(page=page, sensor=part.sensor, made_at=now)
        if not share.seed or not copied(seed=bytes(share.seed), stored=bytes(share.digest)):
            share.seed = make_seed()
            share.digest = digest(token_of(bytes(share.seed)))
        share.name, share.quantities = part.name, list(part.quantities)
        share.made_by, share.expires_at, share.password = page.made_by, page.expires_at, page.password
        share.history, share.grid = page.history, page.grid
        share.clean_fields(exclude=_UNCHECKED)
        share.save()


def _tell_parts(shares: Sequence[int]) -> None:
    for share in shares:
        announce(ShareChanged(share=share))


def _named(page: SiteShare) -> str:
    how = f"public at /p/{page.slug}/" if page.slug else "by link"
    parts = "; ".join(f"{part.sensor.name}: {', '.join(part.quantities)}" for part in _parts(page))
    return f"Page of the site, {how}: {page.name} ({parts})"


def _parts(page: SiteShare) -> Sequence[Share]:
    return list(Share.objects.filter(page=page).select_related("sensor").order_by("name", "id"))
