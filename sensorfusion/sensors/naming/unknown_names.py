"""Names in an operator's gateways that no sensor has."""

from django.db.models import QuerySet
from django.db.models.functions import Lower

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.models import UnknownName
from sensorfusion.sensors.queries import editable_sites


def unknown_names_of(operator: Operator) -> QuerySet[UnknownName]:
    """Select the names that still match no sensor of the operator, the most recent first."""
    known = Sensor.objects.filter(site__in=editable_sites(operator).order_by())
    external = known.exclude(external_id="").annotate(folded=Lower("external_id")).values("folded")
    unknown_names = UnknownName.objects.filter(operator=operator).exclude(name__in=known.values("name"))
    return unknown_names.annotate(folded=Lower("name")).exclude(folded__in=external).order_by("-last_at", "id")


def forget_unknown_names(*, operator: Operator) -> None:
    """Delete the unknown names of the operator's gateways; a name comes back when it is sent again."""
    UnknownName.objects.filter(operator=operator).delete()
