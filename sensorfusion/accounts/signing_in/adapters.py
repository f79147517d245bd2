"""What django-allauth asks of an installation: how a browser is signed in, who is told, and how secrets are kept."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from sensorfusion.accounts.attempts import Counted, count, forgive, take_back
from sensorfusion.accounts.encryption import decrypted, encrypted
from sensorfusion.accounts.known_browsers import is_same_browser, remember
from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import open_session
from sensorfusion.accounts.signing_in.limits import admitted
from sensorfusion.accounts.throttles import attempt_of

_PURPOSE = "second factor"  # of the key of encryption
# What allauth says by the name of a template, and we say in our words; of the others nothing is said.
_SAID = {
    "mfa/messages/totp_activated.txt": gettext_noop("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_noop("The authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": gettext_noop("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": gettext_noop("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": gettext_noop("New recovery codes are made."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    """Signs in by `accounts.services`, which write the audit log and tell of new browsers."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # accounts are created by `sensors.services`, with a site

    def login(self, request: HttpRequest, user: Operator) -> None:
        backend = getattr(user, "backend", settings.AUTHENTICATION_BACKENDS[0])
        open_session(
            request=request, operator=user, backend=backend, is_new_browser=not is_same_browser(request, user.email)
        )

    def post_login(self, request: HttpRequest, user: Operator, **given: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **given)
        forgive(Counted(attempt_of(request, user.email)), operator=user, now=timezone.now())
        remember(answer, request, user.email)
        return answer

    def respond_user_inactive(self, request: HttpRequest, user: Operator) -> HttpResponse:
        messages.error(request, gettext("This account is closed."))
        return redirect("sign-in")

    def reauthenticate(self, user: Operator, password: str) -> bool:
        """Return whether the password is right.

        :raises Refusal: `too_fast`.
        """
        counted = admitted(count(attempt_of(context.request, user.email), now=timezone.now()))
        if right := user.check_password(password):
            take_back(counted)
        return right

    def add_message(self, request: HttpRequest, level: int, message_template: str = "", *_: Any, **given: Any) -> None:
        said = given.get("message") or _SAID.get(message_template)
        if said:
            messages.add_message(request, level, gettext(said))

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """Send nothing: `records` tells, in the words of all messages."""

    def get_client_ip(self, request: HttpRequest) -> str:
        # REMOTE_ADDR is set from a trusted proxy only; a server on a Unix socket without one knows no address.
        return request.META.get("REMOTE_ADDR") or "0.0.0.0"  # an address that is none


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped
    """Names this installation in authenticator apps and passkeys, and keeps secrets encrypted."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That is not right, or no longer. Try again with a new one."),
    }

    def encrypt(self, text: str) -> str:
        return encrypted(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        # With another secret key there is nothing by which a code could be right.
        return decrypted(encrypted_text, purpose=_PURPOSE) or ""

    def get_totp_issuer(self) -> str:
        return f"SensorFusion {_host()}"

    def get_totp_label(self, user: Operator) -> str:
        return user.email

    def build_totp_svg(self, url: str) -> str:
        return ""  # the page draws it

    def generate_authenticator_name(self, user: Operator, type: Any) -> str:
        return ""  # the form asks for one

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": _host(), "name": "SensorFusion"}


def _host() -> str:
    """Return the host as browsers know it: passkeys are bound to it."""
    known = urlsplit(settings.PUBLIC_URL).hostname if settings.PUBLIC_URL else None
    return known or str(context.request.get_host()).partition(":")[0]
