"""Serializers that describe the responses of Explore in OpenAPI; for speed, responses are encoded without them."""

from rest_framework import serializers


def _numbers(explanation: str, *, required: bool = False) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.FloatField(allow_null=True), required=required, help_text=explanation
    )


class FiguresSerializer(serializers.Serializer[object]):
    low = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True, help_text="Of all readings of a mean quantity.")
    high = serializers.FloatField(allow_null=True)
    deviation = serializers.FloatField(allow_null=True, help_text="Standard deviation of the values of `basis`.")
    total = serializers.FloatField(allow_null=True, help_text="Of amounts.")
    count = serializers.IntegerField(allow_null=True, help_text="Of readings; null for derived quantities.")
    coverage = serializers.FloatField(allow_null=True, help_text="Share of the expected readings, 0 to 1.")
    above_s = serializers.FloatField(allow_null=True, help_text="Seconds above `level`.")
    below_s = serializers.FloatField(allow_null=True, help_text="Seconds below `level`.")
    basis = serializers.CharField(
        help_text="raw, 5m, 1h or 1d: the values that `deviation`, `above_s` and `below_s` are computed from."
    )


class ExploredSerializer(serializers.Serializer[object]):
    sensor = serializers.UUIDField()
    name = serializers.CharField(help_text="Of the sensor.")
    quantity = serializers.CharField()
    unit = serializers.CharField(help_text="UCUM code of the canonical unit.")
    t = serializers.ListField(child=serializers.FloatField(), help_text="Epoch seconds at which each row begins.")
    value = _numbers("Mean, sum or last value of each row; null in a gap.", required=True)
    min = _numbers("Lowest reading of each row.", required=True)
    max = _numbers("Highest reading of each row.", required=True)
    figures = FiguresSerializer(required=False)


class ComparedSerializer(serializers.Serializer[object]):
    against = serializers.ChoiceField(["yesterday", "week", "year", "second"])
    operation = serializers.ChoiceField(["difference", "ratio"])
    resolution = serializers.CharField(help_text="5m, 1h or 1d: the means that were compared.")
    t = serializers.ListField(child=serializers.FloatField())
    value = serializers.ListField(child=serializers.FloatField(), help_text="In canonical units.")


class ExploreSerializer(serializers.Serializer[object]):
    to = serializers.DateTimeField()
    time_zone = serializers.CharField(help_text="Of the first sensor's site; rows of days are its days.")
    resolution = serializers.ChoiceField(["raw", "5m", "1h", "1d"])
    series = ExploredSerializer(many=True, help_text="In the order in which they were asked for.")
    comparison = ComparedSerializer(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]  # as the library has it
        # A class attribute cannot be named `from`.
        return {**super().get_fields(), "from": serializers.DateTimeField()}
