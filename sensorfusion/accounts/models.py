"""Models of operators, their API tokens, and their roles at sites."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.addresses.models import AddressChange as AddressChange  # makes Django find the model
from sensorfusion.accounts.administration.models import Announcement as Announcement
from sensorfusion.accounts.audit.models import AuditEntry as AuditEntry
from sensorfusion.accounts.folding import EmailKeyField
from sensorfusion.accounts.idempotency.models import KeptAnswer as KeptAnswer
from sensorfusion.accounts.signing_up.models import PendingAccount as PendingAccount
from sensorfusion.accounts.signing_up.models import SetUpCode as SetUpCode
from sensorfusion.accounts.signing_up.models import SignUpInvitation as SignUpInvitation
from sensorfusion.domain.texts.email_addresses import BadAddress, canonical, email_key
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.languages import LANGUAGES
from sensorfusion.web.values.clock import CLOCKS, WEEKS
from sensorfusion.web.values.systems import SINGLE, composed_of

if TYPE_CHECKING:
    from sensorfusion.accounts.limits import Limits

SESSION_SALT: Final = "sensorfusion session"


class Operators(BaseUserManager["Operator"]):
    """Creates operators; e-mail addresses are compared by `domain.texts.email_addresses.email_key`."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Operator":
        operator = self.model(email=address(email), trusted_email=address(email), **fields)
        operator.set_password(password)
        operator.save(using=self._db)
        return operator

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Operator":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "Operator":
        return self.get(email_key=email_key(username or ""))


def address(text: str) -> str:
    """Return an e-mail address as it is stored.

    :raises ValidationError: if it cannot be an account's.
    """
    try:
        return canonical(text)
    except BadAddress as error:
        raise ValidationError({"email": [str(error)]}) from error


class UnitSystem(models.TextChoices):
    METRIC = "metric", gettext_lazy("Metric")
    UK = "uk", gettext_lazy("UK")
    US = "us", gettext_lazy("US")
    SCIENTIFIC = "scientific", gettext_lazy("Scientific")


class Operator(AbstractBaseUser, PermissionsMixin):
    """A person with an account."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    email_key = EmailKeyField(of="email")
    # The address that messages may be sent to (`accounts.addresses.proof`), if it is still that of the account.
    trusted_email = models.EmailField(default="", db_default="", blank=True, editable=False)
    proved_at = models.DateTimeField(null=True, blank=True, editable=False)  # by a link; else it is vouched for
    name = models.CharField(max_length=100, blank=True, validators=[plain])
    units = models.CharField(max_length=12, choices=UnitSystem, default=UnitSystem.METRIC)
    clock = models.CharField(max_length=2, choices=CLOCKS, default="24", db_default="24")
    week_begins = models.CharField(max_length=8, choices=WEEKS, default="monday", db_default="monday")
    # Of pages and messages; if it is empty, pages have the browser's.
    language = models.CharField(max_length=8, choices=LANGUAGES, default="", db_default="", blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may use the admin", default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Operators] = Operators()
    # Units that differ from those of `units`: codes of `web.values.systems`.
    single_units = ArrayField(
        models.CharField(max_length=4, choices=SINGLE), default=list, db_default=[], blank=True, editable=False
    )
    # Kinds of messages (`mail.kinds.Kind`) that the operator turned off.
    muted_mail = ArrayField(models.CharField(max_length=20), default=list, db_default=[], blank=True, editable=False)
    # How often every browser was signed out; a session from before is none any more.
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # Of the token by which a request identified the operator; no column.
    limits: "Limits | None" = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email_key"], name="operator_email_key_once")]

    @property
    def shown_units(self) -> str:
        """The units as `web.values.systems` writes them."""
        return composed_of(self.units, self.single_units)

    @property
    def is_trusted(self) -> bool:
        """Whether messages may be sent to the address."""
        return self.trusted_email == self.email

    @property
    def is_proved(self) -> bool:
        """Whether the operator followed a link that was sent to the address."""
        return self.is_trusted and self.proved_at is not None

    @property
    def session_stamp(self) -> str:
        """What sessions are bound to: they end with the password, and when every browser is signed out."""
        return f"{self.password}:{self.sessions_ended}"

    def get_session_auth_hash(self) -> str:
        # Django's own until sessions are ended for the first time, so that an upgrade signs no browser out.
        if not self.sessions_ended:
            return super().get_session_auth_hash()
        return salted_hmac(SESSION_SALT, self.session_stamp, algorithm="sha256").hexdigest()

    def __str__(self) -> str:
        return self.name or self.email


class TokenScope(models.TextChoices):
    """What a program may do with a token; in the order of the tasks, each but `SEND` includes those before it."""

    READ = "read", gettext_lazy("Read")
    SEND = "send", gettext_lazy("Send readings")
    WRITE = "write", gettext_lazy("Read, send and change sensors")
    ADMINISTER = "administer", gettext_lazy("Everything that you may")

    @property
    def may_read(self) -> bool:
        return self is not TokenScope.SEND

    @property
    def may_send(self) -> bool:
        return self is not TokenScope.READ

    @property
    def may_write(self) -> bool:
        return self in (TokenScope.WRITE, TokenScope.ADMINISTER)

    def includes(self, other: "TokenScope") -> bool:
        """Return whether this scope allows all that the other one does."""
        mine, others = ((one.may_read, one.may_send, one.may_write) for one in (self, other))
        return all(have or not want for have, want in zip(mine, others, strict=True)) and (
            self is TokenScope.ADMINISTER or other is not TokenScope.ADMINISTER
        )


class ApiToken(models.Model):
    """A program's credential in place of a password; only its SHA-256 is stored."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="tokens")
    digest = models.BinaryField(unique=True, max_length=32)
    last4 = models.CharField(max_length=4)
    label = models.CharField(max_length=100, blank=True, validators=[plain])
    scope = models.CharField(max_length=10, choices=TokenScope, default=TokenScope.WRITE)
    # A token that is bound to no site any more, because they were deleted, stays bound: it reaches none.
    is_bound = models.BooleanField(default=False, db_default=False)
    sites = models.ManyToManyField("sensors.Site", related_name="+", blank=True)
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


class Failures(models.Model):
    """How often passwords were wrong for an account or from a network, since the first time of its window."""

    subject = models.BinaryField(primary_key=True, max_length=32)
    failures = models.IntegerField()
    since = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_failures"

    def __str__(self) -> str:
        return f"{self.failures} since {self.since:%Y-%m-%dT%H:%MZ}"


class KnownNetwork(models.Model):
    """A network from which an operator signed in; others cannot use up the attempts that are left to it.

    `account` and `network` are digests, of the e-mail address and of the network's.
    """

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="known_networks")
    account = models.BinaryField(max_length=32)
    network = models.BinaryField(max_length=32)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "network"], name="known_network_once")]

    def __str__(self) -> str:
        return f"a network of {self.operator_id}"


class Role(models.TextChoices):
    OWNER = "owner", gettext_lazy("Owner")
    EDITOR = "editor", gettext_lazy("Editor")
    VIEWER = "viewer", gettext_lazy("Viewer")


class Invitation(models.Model):
    """An offer of a membership to the person with an e-mail address, who need not have an account yet."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey("sensors.Site", on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail address")
    email_key = EmailKeyField(of="email")
    role = models.CharField(max_length=6, choices=Role)
    invited_by = models.ForeignKey(Operator, on_delete=models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    # A declined one is kept for a while, so that it cannot be repeated at once.
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "email_key"], name="one_invitation_per_address")]

    def __str__(self) -> str:
        return f"{self.email} to {self.site}"


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
