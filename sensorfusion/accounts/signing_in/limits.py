"""How often codes of second factors and confirmed passwords may be tried."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from sensorfusion.accounts.attempts import HOUR, Counted, Limit, count_all
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal

# Six digits, of which three are right at a time (RFC 6238, 5.2): one of 1,400 guesses at the account within a day.
CODES_PER_HOUR: Final = 10


def count_code(operator: Operator, *, now: datetime) -> Counted:
    """Count a try of a code of this operator's; `attempts.take_back` it if it was right.

    :raises Refusal: `too_fast`.
    """
    return admitted(count_all([Limit(f"second factor:{operator.pk}", CODES_PER_HOUR, HOUR)], now=now))


def admitted(counted: Counted) -> Counted:
    """Return an attempt that may go ahead.

    :raises Refusal: `too_fast`.
    """
    if counted.wait_s:
        wait = f"{counted.wait_s} s" if counted.wait_s < 120 else f"{counted.wait_s // 60} min"
        detail = gettext("Too many attempts. Wait {wait}, then try again.").format(wait=wait)
        raise Refusal("too_fast", detail, retry_after_s=counted.wait_s)
    return counted
