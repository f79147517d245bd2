"""Saves and deletes comparisons. Editors of a site do both, for all its members."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.texts.folding import fold
from sensorfusion.domain.texts.plain_text import is_plain
from sensorfusion.explore.models import NAME_LONGEST, QUERY_LONGEST, SAVED_MOST, SavedComparison
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.sites.membership import require_editor


@transaction.atomic
def save_comparison(*, by: Operator, site: Site, name: str, query: str, now: datetime) -> SavedComparison:
    """Keep an address under a name; one of the site that has this name is replaced.

    :raises Refusal: `not_allowed`, `bad_text`, `empty` or `limit_reached`.
    """
    require_editor(by=by, site=site)
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LONGEST or not is_plain(name):
        raise Refusal(
            "bad_text", gettext_noop("Give a name of 1 to {most} characters."), most=NAME_LONGEST, field="name"
        )
    if not query or len(query) > QUERY_LONGEST:
        raise Refusal("empty", gettext_noop("There is nothing to save yet. Choose a series first."), field="name")
    Site.objects.select_for_update().get(pk=site.pk)  # two that are saved at once are counted one after the other
    others = SavedComparison.objects.filter(site=site).exclude(name_folded=fold(name))
    if others.count() >= SAVED_MOST:
        said = gettext_noop("A site keeps {most} comparisons. Delete one to save another.")
        raise Refusal("limit_reached", said, most=SAVED_MOST, field="name")
    made, _ = SavedComparison.objects.update_or_create(
        site=site, name_folded=fold(name), defaults={"name": name, "query": query, "made_by": by, "made_at": now}
    )
    record(Action.COMPARISON_SAVED, by=by, site=site, subject=name)
    return made


@transaction.atomic
def delete_comparison(*, by: Operator, comparison: SavedComparison) -> None:
    """Delete a saved comparison.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=comparison.site)
    record(Action.COMPARISON_DELETED, by=by, site=comparison.site, subject=comparison.name)
    comparison.delete()
