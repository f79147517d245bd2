"""One table, with a column for each quantity."""

from django.db import models


class Reading(models.Model):
    """One reading."""

    sensor = models.CharField(max_length=64)
    observed_at = models.DateTimeField()
    temperature = models.FloatField(null=True)
    humidity = models.FloatField(null=True)
    pressure = models.FloatField(null=True)
    dew_point = models.FloatField(null=True)
    wind_speed = models.FloatField(null=True)
    wind_gust = models.FloatField(null=True)
    wind_direction = models.FloatField(null=True)
    rain_rate = models.FloatField(null=True)
    solar_irradiance = models.FloatField(null=True)
    uv_index = models.FloatField(null=True)

    objects: models.Manager["Reading"]

    class Meta:
        app_label = "recipe"
        indexes = (models.Index(fields=["sensor", "observed_at"], name="recipe_sensor_time"),)

    def __str__(self) -> str:
        return f"{self.sensor}, {self.observed_at}"
