"""Django's admin, whose forms take a sign-in or confirmation within the last 15 minutes, as pages of ours do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http.response import HttpResponseBase

from sensorfusion.accounts.signing_in.recent import confirmation, is_proven


class AdminSite(admin.AdminSite):
    """Leads to the confirmation before a POST, and back to the page of its form."""

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def answered(request: Any, *arguments: Any, **named: Any) -> HttpResponseBase:
            if request.method != "POST" or not self.has_permission(request) or is_proven(request):
                answer: HttpResponseBase = checked(request, *arguments, **named)
                return answer
            return confirmation(request, back=request.get_full_path())

        return answered
