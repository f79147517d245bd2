"""The response of a preview."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Self

from rest_framework import serializers

from sensorfusion.alerts.preview import Fired


class FiredSerializer(serializers.Serializer[Any]):
    began_at = serializers.DateTimeField(help_text="Since when the condition held.")
    fired_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField(allow_null=True, help_text="Why it ended: cleared or out_of_hours.")


class PreviewedSerializer(serializers.Serializer[Any]):
    """When a rule would have fired."""

    count = serializers.IntegerField()
    total_s = serializers.FloatField(help_text="Seconds during which it would have fired, in all.")
    fired = FiredSerializer(many=True)

    @classmethod
    def of(cls, found: Sequence[Fired], *, end: datetime) -> Self:
        """Make the response of the times within a span."""
        spans = [
            {
                "began_at": _instant(each.began_at),
                "fired_at": _instant(each.fired_at),
                "ended_at": None if each.ended_at is None else _instant(each.ended_at),
                "outcome": each.outcome,
            }
            for each in found
        ]
        lasted = [(end.timestamp() if each.ended_at is None else each.ended_at) - each.fired_at for each in found]
        return cls({"count": len(found), "total_s": sum(lasted), "fired": spans})


def _instant(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, tz=UTC)
