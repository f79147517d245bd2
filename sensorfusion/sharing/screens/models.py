"""A television that asked for a code, and the link or the page of a site that it was given.

`digest` is that of a secret which only the television's browser has. The code goes when it is used, so it is used once.
"""

from django.db import models


class Screen(models.Model):
    """A television with a code, or with what an operator chose for it."""

    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    code = models.CharField(max_length=6, blank=True, editable=False, help_text="Empty once it was used.")
    expires_at = models.DateTimeField(help_text="Until when the code, or what it led to, can be asked for.")
    share = models.OneToOneField("sharing.Share", null=True, on_delete=models.CASCADE, related_name="screen")
    page = models.ForeignKey("sharing.SiteShare", null=True, on_delete=models.CASCADE, related_name="screens")

    class Meta:
        db_table = "screen"
        constraints = [
            models.CheckConstraint(condition=models.Q(share=None) | models.Q(page=None), name="screen_shows_one_thing"),
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="screen_of_a_code"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="screen_expires_at")]

    def __str__(self) -> str:
        return self.code or "a screen that shows something"
