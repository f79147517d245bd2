"""What administrators change for the whole installation. Callers are pages, which administrators alone can open."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from sensorfusion.accounts.administration.models import Announcement, ClosedFeature, Feature
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal


@transaction.atomic
def switch_feature(*, by: Operator, feature: Feature, is_on: bool, now: datetime) -> None:
    """Open or close a feature to everyone; nothing is recorded if it is so already."""
    if is_on:
        changed = ClosedFeature.objects.filter(feature=feature).delete()[0] > 0
    else:
        changed = ClosedFeature.objects.get_or_create(feature=feature, defaults={"closed_at": now})[1]
    if changed:
        with override(settings.LANGUAGE_CODE):
            record(Action.FEATURE_SWITCHED, by=by, subject=f"{feature.label}: {'on' if is_on else 'off'}")


def require_open(feature: Feature) -> None:
    """Check that an administrator has not closed a feature.

    :raises Refusal: `switched_off`.
    """
    if ClosedFeature.objects.filter(feature=feature).exists():
        raise Refusal("switched_off")


@transaction.atomic
def make_announcement(*, by: Operator, text: str, ends_at: datetime, now: datetime) -> Announcement:
    """Show a sentence on all pages.

    :raises Refusal: `bad_span`. :raises ValidationError: for an invalid text.
    """
    if ends_at <= now:
        raise Refusal("bad_span", gettext("Write a time in the future."), field="ends_at")
    made = Announcement(text=text, made_by=by, made_at=now, ends_at=ends_at)
    made.clean_fields(exclude=["made_by"])
    made.save()
    record(Action.ANNOUNCED, by=by, subject=text)
    return made


@transaction.atomic
def end_announcement(*, by: Operator, announcement: Announcement, now: datetime) -> None:
    """End an announcement before its time; one that has ended stays as it is."""
    if Announcement.objects.filter(pk=announcement.pk, ends_at__gt=now).update(ends_at=now):
        record(Action.ANNOUNCEMENT_ENDED, by=by, subject=announcement.text)
