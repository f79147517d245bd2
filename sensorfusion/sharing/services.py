"""Makes, changes and ends shares; each is written to the audit log, and announced to open sockets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.administration.models import Feature
from sensorfusion.accounts.administration.services import require_open
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.origins import normal
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.control import announce
from sensorfusion.events.messages import ShareChanged
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.sharing.models import ORIGINS_MOST, SHARES_MOST, Grid, History, Share
from sensorfusion.sharing.showing.widening import Extent, extent
from sensorfusion.sharing.tokens import digest, make_seed, token_of

# Letters of other alphabets are written as browsers send them: xn--….
_IN_A_POLICY: Final = re.compile(r"https?://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?")
_UNCHECKED: Final = ["sensor", "made_by", "seed", "digest"]
_CHANGED: Final = {  # as the audit log names what can be changed
    "name": "name",
    "quantities": "quantities",
    "history": "history",
    "grid": "place",
    "expires_at": "end",
    "origins": "embedding sites",
}


@dataclass(frozen=True, slots=True)
class IssuedShare:
    share: Share
    text: str  # of the token


@transaction.atomic
def make_share(
    *,
    by: Operator,
    sensor: Sensor,
    name: str,
    quantities: Sequence[str],
    now: datetime,
    history: str = History.DAY,
    grid: int = Grid.HIDDEN,
    password: str = "",
    expires_at: datetime | None = None,
    origins: Sequence[str] = (),
) -> IssuedShare:
    """Make a link that shows these quantities of a sensor.

    :raises Refusal: `not_allowed`, `switched_off`, `bad_span` or `limit_reached`.
    :raises ValidationError: for an invalid field.
    """
    require_editor(by=by, site=sensor.site)
    require_open(Feature.SHARING)
    _require_future(expires_at, now=now)
    if Share.objects.filter(sensor=sensor, page=None).count() >= SHARES_MOST:
        detail = gettext("A sensor has at most {most} links. Revoke some that are old.")
        raise Refusal("limit_reached", detail.format(most=SHARES_MOST))
    seed = make_seed()
    text = token_of(seed)
    share = Share(seed=seed, digest=digest(text), sensor=sensor, made_by=by, made_at=now, name=name, history=history)
    share.quantities, share.grid, share.expires_at = list(quantities), grid, expires_at
    share.origins = checked_origins(origins)
    share.password = make_password(password) if password else ""
    share.clean_fields(exclude=_UNCHECKED)
    share.save()
    record(Action.SHARE_MADE, by=by, site=sensor.site, subject=_named(share))
    return IssuedShare(share, text)


@transaction.atomic
def change_share(*, by: Operator, share: Share, now: datetime, **fields: Any) -> Share:
    """Change what a link shows, or until when; the same content changes nothing. Open pages follow.

    The audit log has what the link showed before and what it shows now.

    :raises Refusal: `not_allowed`, `switched_off` if it is to show more, or `bad_span`.
    :raises ValidationError: for an invalid field.
    """
    require_editor(by=by, site=share.sensor.site)
    changed = [name for name, value in fields.items() if getattr(share, name) != value]
    if "expires_at" in changed:
        _require_future(fields["expires_at"], now=now)
    if "origins" in changed:
        fields["origins"] = checked_origins(fields["origins"])
    if changed:
        before, shown = _named(share), _extent(share)
        for name in changed:
            setattr(share, name, fields[name])
        share.clean_fields(exclude=_UNCHECKED)
        if _extent(share).exceeds(shown):
            require_open(Feature.SHARING)
        share.save(update_fields=changed)
        subject = f"{before} → {_named(share)}; changed: {', '.join(_CHANGED[name] for name in changed)}"
        record(Action.SHARE_CHANGED, by=by, site=share.sensor.site, subject=subject)
        announce(ShareChanged(share=share.pk))
    return share


@transaction.atomic
def end_share(*, by: Operator, share: Share) -> None:
    """Revoke a link; its open pages go dark.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=share.sensor.site)
    record(Action.SHARE_ENDED, by=by, site=share.sensor.site, subject=_named(share))
    announce(ShareChanged(share=share.pk))
    share.delete()


@transaction.atomic
def end_all(*, by: Operator, sensor: Sensor) -> None:
    """Revoke every link to a sensor that is handed over, and take it off the pages of its site."""
    for share in Share.objects.filter(sensor=sensor).order_by("pk"):
        record(Action.SHARE_ENDED, by=by, site=sensor.site, subject=_named(share))
        announce(ShareChanged(share=share.pk))
        share.delete()


def _require_future(expires_at: datetime | None, *, now: datetime) -> None:
    if expires_at is not None and expires_at <= now:
        raise Refusal("bad_span", gettext("Write a time in the future."), field="expires")


def checked_origins(origins: Sequence[str]) -> list[str]:
    """Return origins as browsers write them. They become a part of a header, so nothing else may be in them.

    :raises Refusal: `bad_text` or `limit_reached`.
    """
    found = [normal(each.strip().rstrip("/")) for each in origins]
    if not all(each and _IN_A_POLICY.fullmatch(each) for each in found):
        detail = gettext("Write each site as https://example.org, without a path.")
        raise Refusal("bad_text", detail, field="origins")
    if len(found) > ORIGINS_MOST:
        detail = gettext("At most {most} sites may embed a link.").format(most=ORIGINS_MOST)
        raise Refusal("limit_reached", detail, field="origins")
    return list(dict.fromkeys(found))


def _extent(share: Share) -> Extent:
    return extent(share, [(share.sensor_id, quantity) for quantity in share.quantities])


def _named(share: Share) -> str:
    return f"{share.sensor.name}: {share.name} ({', '.join(share.quantities)})"
