"""The outbox in Django's admin: what waits, what was sent, and what could not be delivered, and why."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from sensorfusion.mail.models import OutboxMessage
from sensorfusion.mail.outbox import queue_again


@admin.register(OutboxMessage)
class OutboxAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # cannot be subscribed when it runs
    """Messages without their texts; those that were not delivered can be sent again."""

    list_display = ("created_at", "kind", "recipient", "state", "attempts", "next_attempt_at", "last_error")
    list_filter = ("kind", "created_at", ("given_up_at", admin.EmptyFieldListFilter))
    search_fields = ("recipient", "subject", "last_error")
    fields = ("kind", "recipient", "subject", "state", "attempts", "last_error", "created_at", "sent_at", "given_up_at")
    ordering = ("-created_at", "-id")
    actions = ("send_again",)

    @admin.action(description=gettext_lazy("Send what was not delivered again"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        queued = queue_again(queryset, now=timezone.now())
        said = ngettext("{count} message is sent again.", "{count} messages are sent again.", queued)
        self.message_user(request, said.format(count=queued))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OutboxMessage | None = None) -> bool:
        return False
