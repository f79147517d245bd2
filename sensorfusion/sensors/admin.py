"""Sites, members, sensors and keys in Django's admin, for administrators. Keys are shown by their public part only."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from sensorfusion.accounts.admin import RightsAdmin, recorded
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.models import Membership, Role
from sensorfusion.domain.errors import ERRORS
from sensorfusion.events.control import announce
from sensorfusion.events.messages import KeyChanged
from sensorfusion.sensors.announcements import announce_sensor
from sensorfusion.sensors.erasure import erase_sensor, erase_site
from sensorfusion.sensors.models import Key, Sensor, Site
from sensorfusion.sensors.sites.mailing import tell_of_end, tell_of_new_member
from sensorfusion.sensors.sites.time_zones import time_zones

Deleted = tuple[list[Any], dict[str, int], set[str], list[str]]


class _WithReadings(admin.ModelAdmin):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    """Deletes objects that may have millions of readings, without listing each reading for confirmation."""

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Deleted:
        listed = [gettext("{name}, with all readings").format(name=each) for each in objs]
        return listed, {str(self.opts.verbose_name_plural): len(listed)}, set(), []

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for each in queryset:
            self.delete_model(request, each)


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    model = Membership
    fields = readonly_fields = ("operator", "role", "since")
    extra = 0
    can_delete = False
    show_change_link = True  # edited on its own page, which announces the change

    def has_add_permission(self, request: HttpRequest, obj: Site | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        found: QuerySet[Membership] = super().get_queryset(request)
        return found.select_related("operator", "site")


class SiteForm(ModelForm):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"])
        if name not in time_zones():
            raise ValidationError(gettext(ERRORS["unknown_time_zone"].message))
        return name


@admin.register(Site)
class SiteAdmin(_WithReadings):
    form = SiteForm
    list_display = ("name", "time_zone", "sensors", "members", "created_at")
    list_filter = ("created_at",)
    search_fields = ("name", "uuid", "memberships__operator__email")
    readonly_fields = ("uuid", "created_at")
    ordering = ("name",)
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        found: QuerySet[Site] = super().get_queryset(request)
        return found.annotate(
            sensor_count=Count("sensors", distinct=True), member_count=Count("memberships", distinct=True)
        )

    @admin.display(ordering="sensor_count", description=gettext_lazy("Sensors"))
    def sensors(self, site: Any) -> int:
        return int(site.sensor_count)

    @admin.display(ordering="member_count", description=gettext_lazy("Members"))
    def members(self, site: Any) -> int:
        return int(site.member_count)

    def save_model(self, request: HttpRequest, obj: Site, form: "ModelForm[Site]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        for sensor in obj.sensors.all():
            announce_sensor(sensor)

    def delete_model(self, request: HttpRequest, obj: Site) -> None:
        recorded(request, Action.SITE_DELETED, obj)
        erase_site(site=obj)


@admin.register(Membership)
class MembershipAdmin(RightsAdmin):
    """Members who are added without an invitation; owners and removed members are told as by services."""

    list_display = ("operator", "site", "role", "since")
    list_filter = ("role",)
    list_select_related = ("operator", "site")
    search_fields = ("operator__email", "operator__name", "site__name")
    autocomplete_fields = ("operator", "site")
    ordering = ("site__name", "operator__email")

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        action = Action.ROLE_CHANGED if change else Action.MEMBER_ADDED
        recorded(request, action, f"{obj.operator.email}: {obj.role}", site=obj.site)
        if not change:
            tell_of_new_member(operator=obj.operator, site=obj.site, role=Role(obj.role))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        recorded(request, Action.MEMBER_REMOVED, obj.operator, site=obj.site)
        super().delete_model(request, obj)
        tell_of_end(operator=obj.operator, site=obj.site)

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        # A different operator or site would be a different membership, and the former operator would not be notified.
        return ("operator", "site", "since") if obj else ()


@admin.register(Sensor)
class SensorAdmin(_WithReadings):
    list_display = ("name", "site", "status", "transport", "model", "last_seen", "created_at")
    list_filter = ("status", "transport", "created_at")
    list_select_related = ("site",)
    search_fields = ("name", "uuid", "model", "site__name", "keys__prefix")
    autocomplete_fields = ("site",)
    readonly_fields = ("uuid", "names", "created_at")  # sensor pages and the API check names; the admin would not
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sensor]:
        found: QuerySet[Sensor] = super().get_queryset(request)
        return found.annotate(last_seen=F("state__received_at"))

    @admin.display(ordering="last_seen", description=gettext_lazy("Last reading"))
    def last_seen(self, sensor: Any) -> Any:
        return sensor.last_seen

    def get_readonly_fields(self, request: HttpRequest, obj: Sensor | None = None) -> tuple[str, ...]:
        # Moving a sensor must be announced at both sites; its page and the API do that.
        return (*self.readonly_fields, "site") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Sensor, form: "ModelForm[Sensor]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        announce_sensor(obj)

    def delete_model(self, request: HttpRequest, obj: Sensor) -> None:
        recorded(request, Action.SENSOR_DELETED, obj, site=obj.site)
        erase_sensor(sensor=obj)


@admin.register(Key)
class KeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    """Keys are created where their text can be shown once: on the sensor's page, by the API, by `add_sensor`."""

    list_display = ("prefix", "sensor", "site", "created_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "created_at", "last_used_at")
    list_select_related = ("sensor__site",)
    search_fields = ("prefix", "sensor__name", "sensor__site__name")
    fields = ("prefix", "sensor", "made_by", "created_at", "last_used_at", "revoked_at")
    ordering = ("-created_at",)
    actions = ("revoke",)

    @admin.display(ordering="sensor__site__name", description=gettext_lazy("Site"))
    def site(self, key: Key) -> str:
        return key.sensor.site.name

    @admin.action(description=gettext_lazy("Revoke the selected keys"), permissions=["delete"])
    @transaction.atomic
    def revoke(self, request: HttpRequest, queryset: QuerySet[Key]) -> None:
        for key in queryset.filter(revoked_at=None):
            key.revoked_at = timezone.now()
            key.save(update_fields=["revoked_at"])
            recorded(request, Action.KEY_REVOKED, f"{key.sensor.name}: {key}", site=key.sensor.site)
            announce(KeyChanged(sensor=key.sensor_id))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Key | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Key) -> None:
        recorded(request, Action.KEY_REVOKED, f"{obj.sensor.name}: {obj}", site=obj.sensor.site)
        super().delete_model(request, obj)
        announce(KeyChanged(sensor=obj.sensor_id))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Key]) -> None:
        for key in queryset:
            self.delete_model(request, key)
