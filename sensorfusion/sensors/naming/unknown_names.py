"""Names in an operator's gateways that no sensor has."""

from django.db.models import QuerySet

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.models import UnknownName
from sensorfusion.sensors.queries import home_sites


def unknown_names_of(operator: Operator) -> QuerySet[UnknownName]:
    """Select the names that still match no sensor of the operator, the most recent first."""
    known = Sensor.objects.filter(site__in=home_sites(operator).order_by())
    of_operator = UnknownName.objects.filter(operator=operator).exclude(name_folded__in=known.values("name_folded"))
    return of_operator.exclude(name_folded__in=known.values("external_id_folded")).order_by("-last_at", "id")


def forget_unknown_names(*, operator: Operator) -> None:
    """Delete the unknown names of the operator's gateways; a name comes back when it is sent again."""
    UnknownName.objects.filter(operator=operator).delete()
