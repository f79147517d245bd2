"""Serializers that describe the read API's responses in OpenAPI; for speed, responses are encoded without them."""

from rest_framework import serializers


class LatestSerializer(serializers.Serializer[object]):
    sensor = serializers.UUIDField()
    seq = serializers.IntegerField(help_text="Counts the sensor's stored changes.")
    observed_at = serializers.DateTimeField(allow_null=True)
    values = serializers.DictField(help_text="The newest value of each quantity, in canonical units.")
    flags = serializers.DictField(
        child=serializers.IntegerField(),
        required=False,
        help_text="QARTOD flags of the values that are not good; left out if all are.",
    )
    older = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        help_text="Epoch seconds at which values were observed that are older than `observed_at`; left out if none is.",
    )
    state = serializers.ChoiceField(["live", "late", "offline", "paused", "pending"])
    derived = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        help_text="With derived=1: quantities computed from the values that are not among them.",
    )


class ReadingSerializer(serializers.Serializer[object]):
    seq = serializers.IntegerField()
    observed_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    values = serializers.DictField(help_text="In canonical units.")
    flags = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, help_text="QARTOD flags of the values that are not good."
    )
    excluded = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="The values that an exclusion covers, by their names."
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
    sum = _numbers("In place of `mean`, for amounts such as rain.")
    last = _numbers("In place of `mean`, for counters and states.")
    increase = _numbers("Of counters, since the row before; null in the first row.")
    min = _numbers("Null for directions.", required=True)
    max = _numbers("Null for directions.", required=True)


class SeriesSerializer(serializers.Serializer[object]):
    resolution = serializers.ChoiceField(["raw", "5m", "1h", "1d"])
    t = serializers.ListField(child=serializers.FloatField(), help_text="Epoch seconds at which each row begins.")
    days = serializers.IntegerField(required=False, help_text="Days per row, if single days did not fit.")
    derived = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="The derived columns, and the quantities that each was computed from.",
    )
    stored_from = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        help_text="Where a derived column goes on with values that the sensor sent itself, in epoch seconds.",
    )
    series = serializers.DictField(child=ColumnSerializer(), help_text="Columns as long as `t`; null in a gap.")


class ExtremeSerializer(serializers.Serializer[object]):
    value = serializers.FloatField()
    day = serializers.DateField(help_text="In the site's time zone.")
    at = serializers.DateTimeField(required=False, help_text="Of the reading, if it is still stored.")
    is_new = serializers.BooleanField(required=False, help_text="Whether the record was set today.")


class QuantityClimateSerializer(serializers.Serializer[object]):
    mean = serializers.FloatField(required=False, help_text="Of the days' means.")
    max = ExtremeSerializer(required=False)
    min = ExtremeSerializer(required=False)
    sum = serializers.FloatField(required=False, help_text="Of amounts; of rain also from a counter.")


class WindFromSerializer(serializers.Serializer[object]):
    degrees = serializers.FloatField()
    point = serializers.CharField(help_text="One of 16, such as SSW.")


class SummarySerializer(serializers.Serializer[object]):
    days_with_readings = serializers.IntegerField()
    quantities = serializers.DictField(child=QuantityClimateSerializer())
    wind_from = WindFromSerializer(required=False, help_text="Mean of the days' directions, weighted by their wind.")
    degree_days = serializers.DictField(
        child=serializers.FloatField(), required=False, help_text="heating, cooling, growing; in kelvin days."
    )
    counted_days = serializers.DictField(child=serializers.IntegerField(), required=False)


class DaySummarySerializer(SummarySerializer):
    day = serializers.IntegerField()


class MonthSummarySerializer(SummarySerializer):
    month = serializers.IntegerField()


class ClimateSerializer(SummarySerializer):
    sensor = serializers.UUIDField()
    time_zone = serializers.CharField()
    to = serializers.DateField(help_text="The last day, at most today.")
    expected_days = serializers.IntegerField()
    days = DaySummarySerializer(many=True, required=False, help_text="If a month was requested.")
    months = MonthSummarySerializer(many=True, required=False, help_text="If a year was requested.")

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]  # as the library has it
        # A class attribute cannot be named `from`.
        return {**super().get_fields(), "from": serializers.DateField(help_text="The first day.")}


class RecordEndsSerializer(serializers.Serializer[object]):
    max = ExtremeSerializer(required=False)
    min = ExtremeSerializer(required=False)


class RecordSpansSerializer(serializers.Serializer[object]):
    month = RecordEndsSerializer()
    year = RecordEndsSerializer()
    all = RecordEndsSerializer()


class RecordsSerializer(serializers.Serializer[object]):
    sensor = serializers.UUIDField()
    time_zone = serializers.CharField()
    today = serializers.DateField()
    records = serializers.DictField(child=RecordSpansSerializer())


class NormalSerializer(serializers.Serializer[object]):
    day = serializers.IntegerField(required=False, help_text="1 to 365; 29 February counts as the 28th.")
    week = serializers.IntegerField(required=False, help_text="1 to 52, from 1 January on.")
    mean = serializers.FloatField()
    low = serializers.FloatField(help_text="10th percentile.")
    high = serializers.FloatField(help_text="90th percentile.")
    years = serializers.IntegerField()


class NormalsSerializer(serializers.Serializer[object]):
    sensor = serializers.UUIDField()
    time_zone = serializers.CharField()
    quantity = serializers.CharField()
    per = serializers.ChoiceField(["day", "week"])
    normals = NormalSerializer(many=True)


class OfSpanSerializer(serializers.Serializer[object]):
    to = serializers.DateTimeField(help_text="The end of its last day.")

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]  # as the library has it
        # A class attribute cannot be named `from`.
        return {**super().get_fields(), "from": serializers.DateTimeField(help_text="The beginning of its first day.")}


class UsualWeekSerializer(OfSpanSerializer):
    low = serializers.FloatField(help_text="10th percentile of the hourly means.")
    high = serializers.FloatField(help_text="90th percentile of the hourly means.")
    years = serializers.ListField(child=serializers.IntegerField(), help_text="The earlier years that count.")


class UsualRangeSerializer(OfSpanSerializer):
    sensor = serializers.UUIDField()
    time_zone = serializers.CharField()
    quantity = serializers.CharField()
    weeks = UsualWeekSerializer(many=True, help_text="Weeks without an earlier year are left out.")
