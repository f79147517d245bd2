"""Which saved comparisons an operator may see: those of the sites that they are members of."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from sensorfusion.accounts.limits import may_write
from sensorfusion.accounts.models import Operator
from sensorfusion.explore.models import SavedComparison
from sensorfusion.sensors.queries import visible_sites


def visible_comparisons(operator: Operator) -> QuerySet[SavedComparison]:
    """Select the saved comparisons of the sites that the operator sees, with `may_edit`, by name."""
    found = SavedComparison.objects.filter(site__in=visible_sites(operator), site__rights__operator=operator)
    return found.annotate(may_edit=F("site__rights__may_edit")).select_related("site", "made_by").order_by("name", "id")


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved comparison as it is listed."""

    comparison: SavedComparison
    may_delete: bool


def saved_of(operator: Operator) -> list[Saved]:
    """Return the saved comparisons that the operator may open."""
    writes = may_write(operator)
    return [Saved(each, writes and bool(getattr(each, "may_edit", False))) for each in visible_comparisons(operator)]


def comparison_for(*, operator: Operator, uuid: UUID) -> SavedComparison | None:
    """Return a saved comparison by its public id, or None if there is none that the operator may see."""
    return visible_comparisons(operator).filter(uuid=uuid).first()
