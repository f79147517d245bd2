"""Answers of POSTs that were sent with a key, for a day."""

from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """The answer of one request. It is encrypted with the key, of which only a digest is stored.

    An answer may hold a secret that is shown once, such as a sensor's key: who reads the table, or a backup of it,
    finds none.
    """

    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_digest = models.BinaryField(max_length=32)
    request_digest = models.BinaryField(max_length=32)
    answer = models.BinaryField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "key_digest"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"an answer of {self.created_at:%Y-%m-%dT%H:%MZ}"
