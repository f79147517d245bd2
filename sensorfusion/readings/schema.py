"""How the read API's answers look, for its OpenAPI description; they are encoded without these, for speed."""

from rest_framework import serializers


class LatestSerializer(serializers.Serializer[object]):
    sensor = serializers.UUIDField()
    seq = serializers.IntegerField(help_text="Counts the sensor's stored changes.")
    observed_at = serializers.DateTimeField(allow_null=True)
    values = serializers.DictField(help_text="The newest value of each quantity, in canonical units.")
    state = serializers.ChoiceField(["live", "late", "offline", "paused", "pending"])
    derived = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        help_text="With derived=1: what follows from the values and is not among them.",
    )


class ReadingSerializer(serializers.Serializer[object]):
    seq = serializers.IntegerField()
    observed_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    values = serializers.DictField(help_text="In canonical units.")
    flags = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="QARTOD flags of the values that are not good."
    )


class ReadingsSerializer(serializers.Serializer[object]):
    readings = ReadingSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="The following page.")


def _numbers(explanation: str, *, required: bool = False) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.FloatField(allow_null=True), required=required, help_text=explanation
    )


class ColumnSerializer(serializers.Serializer[object]):
    mean = _numbers("Of quantities that are averaged; directions as vectors.")
    sum = _numbers("In place of `mean`, of amounts such as rain.")
    last = _numbers("In place of `mean`, of counters and states.")
    min = _numbers("Null for directions.", required=True)
    max = _numbers("Null for directions.", required=True)


class SeriesSerializer(serializers.Serializer[object]):
    resolution = serializers.ChoiceField(["raw", "5m", "1h", "1d"])
    t = serializers.ListField(child=serializers.FloatField(), help_text="Epoch seconds where each row begins.")
    days = serializers.IntegerField(
        required=False, help_text="That each row stands for, where single days did not fit."
    )
    derived = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="The columns that were worked out, and what from.",
    )
    series = serializers.DictField(child=ColumnSerializer(), help_text="Columns as long as `t`; null in a gap.")
