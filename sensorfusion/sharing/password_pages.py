"""The page that asks for the password of a link, or of a site's page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from sensorfusion.sharing.forms import UnlockForm
from sensorfusion.sharing.unlocking import Locked, try_password, unlock
from sensorfusion.web.forms import RefusedIn, told_to_wait


def ask(request: HttpRequest, share: Locked, *, token: str, home: str) -> HttpResponse:
    """Ask for a password; the right one opens `home`, the address of the page."""
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with RefusedIn(form):
            given, address = form.cleaned_data["password"], request.META.get("REMOTE_ADDR", "")
            if try_password(share=share, password=given, address=address, now=timezone.now()):
                opened = HttpResponseRedirect(home)
                unlock(opened, share=share, token=token)
                return opened
            form.add_error("password", gettext("This is not the password of the link."))
    status = 400 if form.errors else 200
    return told_to_wait(render(request, "sharing/locked.html", {"form": form}, status=status), form)
