"""Saved comparisons: an address of Explore under a name, shared with the members of a site."""

import uuid

from django.db import models

from sensorfusion.accounts.folding import FoldedField
from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Site

NAME_LONGEST = 80
QUERY_LONGEST = 2_000
SAVED_MOST = 200  # of a site


class SavedComparison(models.Model):
    """What an address shows, kept by a site. Series that a reader may not see are left out of it for that reader."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="saved_comparisons", db_index=False)
    name = models.CharField(max_length=NAME_LONGEST)
    name_folded = FoldedField(of="name")
    query = models.CharField(max_length=QUERY_LONGEST, help_text="The query of the page's address.")
    made_by = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "saved_comparison"
        constraints = [models.UniqueConstraint(fields=["site", "name_folded"], name="saved_comparison_name_of_site")]

    def __str__(self) -> str:
        return self.name
