"""Who may open the pages: administrators. For everyone else who signed in they do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from sensorfusion.accounts.administration.queries import is_administrator

View: TypeAlias = Callable[..., HttpResponseBase]


def for_administrators(view: View) -> View:
    """Pass administrators to the view, lead visitors to the sign-in, and answer 404 to everyone else."""

    @login_required
    @never_cache
    @wraps(view)
    def answer(request: Any, /, **parts: Any) -> HttpResponseBase:
        if not is_administrator(request.user):
            raise Http404
        return view(request, **parts)

    return answer
