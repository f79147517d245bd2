"""Models of operators, their API tokens, and their roles at sites."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class Operators(BaseUserManager["Operator"]):
    """Creates operators; e-mail addresses are compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Operator":
        operator = self.model(email=self.normalize_email(email).strip(), **fields)
        operator.set_password(password)
        operator.save(using=self._db)
        return operator

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Operator":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "Operator":
        return self.get(email__iexact=username)


class UnitSystem(models.TextChoices):
    METRIC = "metric", "Metric"
    UK = "uk", "UK"
    US = "us", "US"
    SCIENTIFIC = "scientific", "Scientific"


class Operator(AbstractBaseUser, PermissionsMixin):
    """A person with an account."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=100, blank=True)
    units = models.CharField(max_length=12, choices=UnitSystem, default=UnitSystem.METRIC)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may use the admin", default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Operators] = Operators()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="operator_email_once")]

    def __str__(self) -> str:
        return self.name or self.email


class TokenScope(models.TextChoices):
    READ = "read", "Read"
    WRITE = "write", "Read and write"


class ApiToken(models.Model):
    """A program's credential in place of a password; only its SHA-256 is stored."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField(unique=True, max_length=32)
    last4 = models.CharField(max_length=4)
    label = models.CharField(max_length=100, blank=True)
    scope = models.CharField(max_length=5, choices=TokenScope, default=TokenScope.WRITE)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_expires_after_it_is_made"
            )
        ]

    def __str__(self) -> str:
        return f"…{self.last4}"


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    VIEWER = "viewer", "Viewer"


class Membership(models.Model):
    """An operator's role at a site: a viewer reads, an editor changes sensors, an owner changes members too."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="memberships")
    site = models.ForeignKey("sensors.Site", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operator", "site"], name="one_role_per_site")]

    def __str__(self) -> str:
        return f"{self.operator} is {self.role} of {self.site}"
