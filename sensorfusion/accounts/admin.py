"""Operators and tokens in Django's admin. Changes of rights are announced and recorded, as by services."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from sensorfusion.accounts.addresses.proof import vouch
from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.mailing.messages import email_changed, password_changed
from sensorfusion.accounts.mailing.services import tell
from sensorfusion.accounts.models import ApiToken, Membership, Operator
from sensorfusion.events.control import announce
from sensorfusion.events.messages import AccessChanged


def recorded(request: HttpRequest, action: Action, obj: Any, *, site: Any = None) -> None:
    """Record what an administrator did to an operator, or to an object by its name."""
    by = request.user if isinstance(request.user, Operator) else None
    record(action, by=by, site=site, subject=obj.email if isinstance(obj, Operator) else str(obj))


class NewOperatorForm(AdminUserCreationForm):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    class Meta:
        model = Operator
        fields = ("email", "name")


class OperatorForm(UserChangeForm):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    class Meta:
        model = Operator
        fields = "__all__"


@admin.register(Operator)
class OperatorAdmin(UserAdmin):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    add_form = NewOperatorForm
    form = OperatorForm
    ordering = ("email",)
    list_display = ("email", "name", "joined_at", "last_login", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "is_superuser", "joined_at")
    search_fields = ("email", "name")
    readonly_fields = ("uuid", "joined_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "units", "clock", "week_begins", "language")}),
        (gettext_lazy("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (gettext_lazy("History"), {"fields": ("uuid", "joined_at", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    def save_model(self, request: HttpRequest, obj: Operator, form: "ModelForm[Operator]", change: bool) -> None:
        before = Operator.objects.filter(pk=obj.pk).first()
        if before is None or before.email != obj.email:
            vouch(obj)
        super().save_model(request, obj, form, change)
        if before is not None and before.email != obj.email:
            for operator in (before, obj):
                tell(partial(email_changed, before=before.email, after=obj.email), to=operator)
        recorded(request, Action.ACCOUNT_CHANGED if change else Action.ACCOUNT_CREATED, obj)
        announce(AccessChanged(operator=obj.pk))

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """End the operator's tokens after a change of password, as when operators change their own."""
        before = Operator.objects.filter(pk=id).values_list("password", flat=True).first()
        response = super().user_change_password(request, id, form_url)
        operator = Operator.objects.filter(pk=id).first()
        if operator is not None and operator.password != before:
            operator.tokens.all().delete()
            recorded(request, Action.PASSWORD_CHANGED, operator)
            tell(password_changed, to=operator)
            announce(AccessChanged(operator=operator.pk))
        return response

    def delete_model(self, request: HttpRequest, obj: Operator) -> None:
        recorded(request, Action.ACCOUNT_CLOSED, obj)
        announce(AccessChanged(operator=obj.pk))
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Operator]) -> None:
        for operator in queryset:
            self.delete_model(request, operator)


class RightsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    """Announces that the access of a token's or membership's operator may have changed."""

    def save_model(
        self,
        request: HttpRequest,
        obj: ApiToken | Membership,
        form: "ModelForm[ApiToken | Membership]",
        change: bool,
    ) -> None:
        super().save_model(request, obj, form, change)
        announce(AccessChanged(operator=obj.operator_id))

    def delete_model(self, request: HttpRequest, obj: ApiToken | Membership) -> None:
        super().delete_model(request, obj)
        announce(AccessChanged(operator=obj.operator_id))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken | Membership]) -> None:
        for each in queryset:
            self.delete_model(request, each)


@admin.register(ApiToken)
class ApiTokenAdmin(RightsAdmin):
    """Operators create their own tokens, as only they may see the text; here tokens can be ended."""

    list_display = ("__str__", "operator", "label", "scope", "created_at", "expires_at", "last_used_at")
    list_filter = ("scope", "created_at", "expires_at")
    list_select_related = ("operator",)
    search_fields = ("operator__email", "label", "last4")
    fields = ("operator", "label", "last4", "scope", "created_at", "expires_at", "last_used_at")
    ordering = ("-created_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: ApiToken | Membership) -> None:
        recorded(request, Action.TOKEN_REVOKED, f"{obj.operator.email}: {obj}")
        super().delete_model(request, obj)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    """The whole audit log, which no one changes: also entries of closed accounts and deleted sites."""

    list_display = ("at", "action", "by", "subject", "site", "address")
    list_filter = ("action", "at")
    list_select_related = ("site",)
    search_fields = ("by", "subject", "address", "site__name")
    ordering = ("-at", "-id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False
