"""Shared pages of sites by their addresses, with their parts, and that of a site for its members."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.text import slugify

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.queries import editable_sites, visible_sites
from sensorfusion.sharing.models import SLUG_LONGEST, Share, ShareRight, SiteShare, SiteShareRight
from sensorfusion.sharing.tokens import copied, digest


def page_at(address: str, *, now: datetime) -> SiteShareRight | None:
    """Return the page of a link's token or a public page's slug, None if there is none, or it shows nothing now."""
    found = _open(now).filter(Q(digest=digest(address)) | Q(slug=address))
    return found.select_related("page", "site").first()


def public_pages(*, now: datetime) -> list[SiteShareRight]:
    """Return the public pages that show something now, by their names."""
    return list(_open(now).exclude(slug=None).select_related("page", "site").order_by("page__name", "page_id"))


def parts_of(pages: Iterable[SiteShareRight]) -> dict[int, list[ShareRight]]:
    """Return what pages show, by page: the shares of their sensors, by name."""
    ids = [right.page_id for right in pages]
    found: dict[int, list[ShareRight]] = {each: [] for each in ids}
    rights = ShareRight.objects.filter(share__page__in=ids).select_related("share", "sensor__site")
    for right in rights.order_by("share__name", "share_id"):
        found[right.share.page_id or 0].append(right)
    return found


def page_of_site(site: Site) -> SiteShare | None:
    """Return the shared page of a site, also one that has ended; None if the site is private."""
    return _with_parts(SiteShare.objects.filter(site=site)).first()


def is_open(page: SiteShare, *, now: datetime) -> bool:
    """Return whether a page shows something: it has not expired, and its maker may still change the site."""
    return _open(now).filter(page=page).exists()


def link_of(page: SiteShare) -> str:
    """Return the last part of a page's address: slug or token; empty for a link that cannot be copied any more."""
    return page.slug or copied(seed=bytes(page.seed), stored=bytes(page.digest))


def free_slug(name: str) -> str:
    """Return an address for a public page of this name that no page has."""
    wanted = slugify(name).replace("_", "-")[: SLUG_LONGEST - 8].strip("-") or "station"
    taken = set(SiteShare.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(each for number in count(1) if (each := f"{wanted}-{number}" if number > 1 else wanted) not in taken)


def visible_pages(operator: Operator, *, now: datetime) -> QuerySet[SiteShare]:
    """Select the pages of the sites that the operator may see, the newest first; each has `is_open`."""
    pages = _with_parts(SiteShare.objects.filter(site__in=visible_sites(operator)))
    return pages.annotate(is_open=Exists(_open(now).filter(page=OuterRef("pk")))).order_by("-made_at", "-id")


def editable_pages(operator: Operator, *, now: datetime) -> QuerySet[SiteShare]:
    """Select the pages of the sites that the operator may change."""
    return visible_pages(operator, now=now).filter(site__in=editable_sites(operator))


def _with_parts(pages: QuerySet[SiteShare]) -> QuerySet[SiteShare]:
    parts = Share.objects.select_related("sensor").order_by("name", "id")
    return pages.select_related("site", "made_by").prefetch_related(Prefetch("parts", queryset=parts))


def _open(now: datetime) -> QuerySet[SiteShareRight]:
    return SiteShareRight.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now))
