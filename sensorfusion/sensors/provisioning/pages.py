"""The page that switches provisioning on and off, and the endpoint of devices: ThingsBoard's `/api/v1/provision`."""

from uuid import UUID

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.accounts.signing_in.recent import after_proof
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.access import site_or_404
from sensorfusion.sensors.onboarding.pages import public_address
from sensorfusion.sensors.provisioning.services import provisioning_of, switch_off, switch_on
from sensorfusion.sensors.provisioning.tries import Tried, tried_provision
from sensorfusion.sensors.queries import may_own
from sensorfusion.web.description import AWAY, JSON, TEXT, Answered, Description, described, members

MOST_BYTES = 10_000


_NAMES = {"key": "provisionDeviceKey", "secret": "provisionDeviceSecret", "name": "deviceName"}
_SAID = members(
    *("status", "credentialsType", "credentialsValue"), status=TEXT, credentialsType=TEXT, credentialsValue=TEXT
)
_FAILED = {JSON: members("status", "errorMsg", status=TEXT, errorMsg=TEXT)}
_REGISTER = Description(
    summary="Register a device as at ThingsBoard",
    detail="The key and the secret of a site, which its owners see on its page; the answer holds the sensor's key.",
    body={JSON: members("provisionDeviceKey", "provisionDeviceSecret", **dict.fromkeys(_NAMES.values(), TEXT))},
    answers={
        200: Answered(why="The device is registered.", content={JSON: _SAID}),
        400: Answered(why="The request is no such request, or its name cannot be used.", content=_FAILED),
        401: Answered(why="No site has this key and secret.", content=_FAILED),
        409: Answered(why="The site has as many sensors as it may have.", content=_FAILED),
        413: Answered(why="The request is too large.", content=_FAILED),
        429: Answered(why="Too many wrong keys from its network.", content=_FAILED, headers=("retry-after",)),
        503: AWAY,
    },
)


class _Wanted(msgspec.Struct, rename=_NAMES):
    """A device's registration request; other fields are ignored."""

    key: str
    secret: str
    name: str = ""


@login_required
@never_cache
@after_proof("site-provisioning", "uuid")
def settings(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = site_or_404(request.user, uuid)
    if not may_own(operator=request.user, site=site):
        raise PermissionDenied
    secret = ""
    if request.method == "POST" and request.POST.get("to") == "on":
        secret = switch_on(by=request.user, site=site, now=timezone.now()).secret
    elif request.method == "POST":
        switch_off(by=request.user, site=site)
        said = gettext("Devices can no longer register themselves. Registered ones keep their keys.")
        messages.success(request, said)
        return redirect("site-provisioning", uuid)
    context = {
        "site": site,
        "provisioning": provisioning_of(site=site),
        "secret": secret,
        "address": public_address(request),
    }
    return render(request, "sensors/provisioning.html", context)


@described({"POST": _REGISTER})
@csrf_exempt
@never_cache
@require_POST
@sensitive_variables()
def register(request: HttpRequest) -> JsonResponse:
    """Register a device that sends a site's key and secret; return its access token, which is a sensor's key."""
    if len(request.body) > MOST_BYTES:
        return _no("FAILURE", "The request is too large.", 413)
    try:
        wanted = msgspec.json.decode(request.body, type=_Wanted)
        tried = Tried(wanted.key, wanted.secret, request.META.get("REMOTE_ADDR", ""))
        issued = tried_provision(tried, name=wanted.name, now=timezone.now())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _no("FAILURE", "Send deviceName, provisionDeviceKey and provisionDeviceSecret as JSON.", 400)
    except ValidationError as error:
        return _no("FAILURE", " ".join(error.messages), 400)
    except Refusal as refused:
        answer = _no("NOT_FOUND" if refused.status == 401 else "FAILURE", refused.detail, refused.status)
        if refused.retry_after_s:
            answer["Retry-After"] = str(refused.retry_after_s)
        return answer
    return JsonResponse({"status": "SUCCESS", "credentialsType": "ACCESS_TOKEN", "credentialsValue": issued.text})


def _no(status: str, why: str, code: int) -> JsonResponse:
    return JsonResponse({"status": status, "errorMsg": why}, status=code)
