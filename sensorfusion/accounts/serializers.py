"""Serializers of the account API."""

from typing import Any, Final
from uuid import UUID

from rest_framework import serializers

from sensorfusion.accounts.models import ApiToken, Operator, TokenScope
from sensorfusion.accounts.services import TOKEN_LIFE
from sensorfusion.mail.kinds import Kind
from sensorfusion.web.checks.json_types import JsonTypes
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.values.systems import CHOICES, SINGLE, by_group

_OPTIONAL_MAIL: Final = [(kind.value, kind.label) for kind in Kind if kind.is_optional]


class PasswordField(serializers.CharField):
    """A password exactly as typed, with a length that is cheap to hash."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            write_only=True, trim_whitespace=False, max_length=1024, style={"input_type": "password"}, **options
        )


class OperatorSerializer(JsonTypes, serializers.ModelSerializer[Operator]):
    """An operator's own account."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    muted_mail = serializers.ListField(
        child=serializers.ChoiceField(choices=_OPTIONAL_MAIL),
        required=False,
        max_length=20,
        help_text="Kinds of e-mail that are not sent to the operator. Those about the account's security always are.",
    )

    email_confirmed = serializers.BooleanField(
        source="is_proved", read_only=True, help_text="Whether a link that was sent to the address was followed."
    )
    single_units = serializers.ListField(
        child=serializers.ChoiceField(choices=SINGLE),
        required=False,
        max_length=len(CHOICES),
        help_text="Units of pages that differ from those of `units`, one of a kind: `kn` with `metric`.",
    )

    class Meta:
        model = Operator
        fields = [
            *("id", "email", "email_confirmed", "name", "units", "single_units", "clock", "week_begins"),
            *("language", "muted_mail", "joined_at"),
        ]
        read_only_fields = ["email", "joined_at"]

    def validate_single_units(self, codes: list[str]) -> list[str]:
        chosen = by_group(codes)
        if len(chosen) < len(set(codes)):
            raise serializers.ValidationError("Choose one unit of each kind at most.")
        return list(chosen.values())

    def validate_muted_mail(self, kinds: list[str]) -> list[str]:
        return sorted(set(kinds))


class PersonSerializer(serializers.ModelSerializer[Operator]):
    """An operator, as shown to other members of a site."""

    id = serializers.UUIDField(source="uuid", read_only=True)

    class Meta:
        model = Operator
        fields = ["id", "email", "name"]
        read_only_fields = fields


class CredentialsSerializer(JsonTypes):
    email = serializers.EmailField()
    password = PasswordField()


class SignInSerializer(CredentialsSerializer):
    code = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        default="",
        help_text="Of the authenticator app, or a recovery code, if the account has a second factor.",
    )


class RegistrationSerializer(CredentialsSerializer):
    name = serializers.CharField(max_length=100, required=False, allow_blank=True, default="", validators=[plain])
    time_zone = serializers.CharField(
        max_length=64, required=False, default="UTC", help_text="Of the first site, as Europe/Warsaw."
    )
    invitation = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="", help_text="The end of the link that invites."
    )


class SignedInSerializer(serializers.Serializer[Any]):
    """A token, shown only this once, and its operator. Serializes an `accounts.services.IssuedToken`."""

    token = serializers.CharField(source="text", help_text="Send it as `Authorization: Bearer <token>`.")
    expires_at = serializers.DateTimeField(source="token.expires_at")
    operator = OperatorSerializer(source="token.operator")


class PasswordChangeSerializer(JsonTypes):
    current = PasswordField()
    new = PasswordField()


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token without its secret."""

    sites = serializers.SerializerMethodField(
        help_text="The only sites that it reaches; null for all of the operator's."
    )

    class Meta:
        model = ApiToken
        fields = ["id", "label", "scope", "sites", "last4", "created_at", "expires_at", "last_used_at"]
        read_only_fields = fields

    def get_sites(self, token: ApiToken) -> list[UUID] | None:
        return [site.uuid for site in token.sites.all()] if token.is_bound else None


class TokenRequestSerializer(JsonTypes):
    label = serializers.CharField(  # type: ignore[assignment]  # the wire's word, which DRF uses for a form's captions
        max_length=100, required=False, allow_blank=True, default="", help_text="Purpose of the token."
    )
    scope = serializers.ChoiceField(choices=TokenScope.choices, default=TokenScope.WRITE)
    days = serializers.IntegerField(
        min_value=1, max_value=3650, default=TOKEN_LIFE.days, help_text="Days until it expires."
    )


class NewTokenSerializer(TokenSerializer):
    """A new token with its text, shown only this once. Serializes an `accounts.services.IssuedToken`."""

    token = serializers.SerializerMethodField(help_text="Send it as `Authorization: Bearer <token>`.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]
        read_only_fields = fields

    def get_token(self, token: ApiToken) -> str:
        return str(self.context["text"])
