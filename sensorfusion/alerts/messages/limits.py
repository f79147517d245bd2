"""How many channels a person may have."""

from typing import Final

from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.messages.models import AlertChannel
from sensorfusion.domain.refusals import Refusal

CHANNELS_MOST: Final = 10  # of a person


def leave_room(operator: Operator) -> None:
    """Check that a person may have one more; their row is locked.

    :raises Refusal: `limit_reached`.
    """
    if AlertChannel.objects.filter(operator=operator).count() >= CHANNELS_MOST:
        why = gettext("You have {count} channels, the most there may be.").format(count=CHANNELS_MOST)
        raise Refusal("limit_reached", why)
