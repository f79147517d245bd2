"""The door that all weather-console protocols share.

Fields come in the query, in a form, or appended to the path without a `?`; the key may be in any of several places;
answers are plain text. Consoles follow no redirects, send no headers of their own, and show their owner at most whether
an upload succeeded.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sensorfusion.domain.consoles.networks import Family
from sensorfusion.domain.consoles.readers import readers
from sensorfusion.domain.consoles.wow import sends_an_hour
from sensorfusion.domain.encodings import AROUND, decode_text
from sensorfusion.domain.networks import network_of
from sensorfusion.ingest.doors.consoles.identity import Consoles
from sensorfusion.ingest.doors.consoles.reading import Settings, readings_of
from sensorfusion.ingest.doors.description import FORM, NOT_OF_CONSOLES, About
from sensorfusion.ingest.doors.door import Answer, Door, Request
from sensorfusion.ingest.doors.form_fields import MOST_CHARACTERS, Form
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.senders.unclaimed_consoles import ShownConsole, UnclaimedConsoles
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.keys.secrets import console_digest, public_part, shown_identity, shown_passkey

# Every address may be prefixed with the key, for devices that have no password field.
IN_FRONT = r"^(?:in/(?P<key>[^/]+)/)?"
# The fields in which a key is accepted; owners do not always enter it into the right one.
_MAY_HOLD_A_KEY = (
    *("password", "siteauthenticationkey", "wspw", "passkey", "key", "apikey", "token", "mac"),
    *("id", "siteid", "wsid"),
)
_IDENTITIES = ("id", "siteid", "stationid", "wsid")
_SHOWN = ("PASSWORD", "siteAuthenticationKey", "wspw", "PASSKEY")
_SECRETS = ("password", "siteauthenticationkey", "wspw")
_PASSKEY = re.compile(r"[0-9A-F]{32}|(?:[0-9A-F]{2}[:.-]?){5}[0-9A-F]{2}")
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,64}")
_BEGINS_LIKE_A_KEY = re.compile(r"sf_[a-z0-9]{8}")
LONGEST_MODEL = 64
_TRUNCATED = "This is not a sensor's key. If the device truncates it, put the key into the path: /in/<key>/…"
# Makers' servers never report a pause, and a console may react badly to an unknown answer; so it is told to wait.
PAUSED_RETRY_AFTER_S = 300


@dataclass(frozen=True, slots=True)
class Upload:
    """One request of a console: its fields by lower-case name, and the part of the path that may be a key.

    `network` says which fields have a meaning of their own at this address.
    """

    form: Form
    in_path: str = ""
    network: Family = "common"

    @property
    def fields(self) -> Mapping[str, str]:
        return self.form.fields

    @property
    def family(self) -> Family:
        if self.network != "common":
            is_hourly = self.network == "wow" and sends_an_hour(self.fields.get("softwaretype", ""))
            return "wow_hourly" if is_hourly else self.network
        if "wsid" in self.fields or "t1tem" in self.fields:
            return "wslink"
        if "relpress" in self.fields or "abspress" in self.fields:
            return "observer"
        return "ambient" if self.fields.get("stationtype", "").upper().startswith("AMB") else "common"


@dataclass(frozen=True, slots=True)
class Console:
    """One maker's protocol: its addresses, and the answers that its consoles expect.

    `marker` is the end of the path; text after it is fields, from consoles that omit the `?`.
    """

    name: str
    patterns: Sequence[str]
    marker: str
    success: bytes
    wrong: str = ""  # the answer to a wrong password
    methods: Sequence[str] = ("GET", "POST")
    key_may_be_in_body: bool = True
    network: Family = "common"  # whose meaning of the fields counts

    @property
    def about(self) -> About:
        return About(
            summary=f"Send a reading of a weather console: {self.name}",
            detail="The fields of the console, in the query or a form. The key is in the path or in the field of the "
            "password; other consoles show their PASSKEY, or an ID with its password.",
            keys=tuple(f"query {name}" for name in _SHOWN),
            query={"dateutc": "The time in UTC, or `now`."},
            body={"application/x-www-form-urlencoded": FORM},
            never=NOT_OF_CONSOLES,
        )

    def upload(self, request: Request) -> Upload:
        """Parse the fields.

        :raises RequestRefused: too_large.
        """
        form = Form()
        in_path, glued = _tail(request, self.marker)
        for part in (glued, request.query, _text(request.body)):
            if part:
                form.add(part)
        return Upload(form, in_path, self.network)

    def credential(self, request: Request) -> str:
        return credential_in(self.upload(request))

    def decode(self, request: Request) -> Sequence[Sent]:
        return readings_in(self.upload(request), Settings())

    def accepted(self, request: Request, receipt: Receipt) -> Answer:
        return Answer(200, self.success)

    def refused(self, request: Request, refused: RequestRefused) -> Answer:
        status = {403: 401, 422: 400}.get(refused.status, refused.status)
        retry_after_s = refused.retry_after_s
        if refused.code == "sensor_paused":
            status, retry_after_s = 503, PAUSED_RETRY_AFTER_S
        reasons = refused.receipt.rejected if refused.receipt else []
        said = f"{reasons[0].detail if reasons else refused.detail}\n"
        if status == 401 and self.wrong:
            said = f"{self.wrong}\n{said}"
        headers = [("retry-after", str(retry_after_s))] if retry_after_s else []
        return Answer(status, said.encode(errors="replace"), headers=headers)


class ConsoleDoor(Door):
    """A door that identifies consoles by their key, PASSKEY or ID, and records those that belong to no sensor."""

    def __init__(
        self,
        pipeline: Pipeline,
        consoles: Consoles,
        unclaimed_consoles: UnclaimedConsoles,
        console: Console,
        *,
        max_body_bytes: int,
    ) -> None:
        super().__init__(pipeline, console, max_body_bytes=min(max_body_bytes, MOST_CHARACTERS))
        self._console = console
        self._consoles = consoles
        self._unclaimed_consoles = unclaimed_consoles

    async def _admitted(self, request: Request) -> int:
        """Return the largest body: the key may be in a form, which is small; without one a console is noted."""
        if _has_body(request) and public_part(key := credential_in(self._console.upload(request))):
            try:
                await self._pipeline.admit(key, request.address)
            except RequestRefused as refused:
                raise RequestRefused("unknown_key", _TRUNCATED) if refused.code == "unknown_key" else refused from None
        return self._max_body_bytes

    async def _take(self, request: Request) -> Answer:
        upload = self._console.upload(request)
        credential = credential_in(upload)
        try:
            receipt = await self._pipeline.receive(
                credential=credential,
                identify=self._consoles.identify,
                decode=lambda station: readings_in(upload, station.settings),
                address=request.address,
            )
        except RequestRefused as refused:
            if refused.code == "unknown_key":
                raise self._unknown(upload, credential, request, refused) from None
            raise
        return self._console.accepted(request, receipt)

    def _unknown(self, upload: Upload, credential: str, request: Request, refused: RequestRefused) -> RequestRefused:
        if public_part(credential):
            return RequestRefused("unknown_key", _TRUNCATED)
        shown = shown_by(upload, credential, door=self._console.name, address=request.address)
        if shown is None:
            return refused
        self._unclaimed_consoles.note(shown)
        return RequestRefused("unclaimed_console")


def credential_in(upload: Upload) -> str:
    """Return the sensor's key; without one, the console's own identity in a form that cannot be taken for a key."""
    fields = upload.fields
    candidates = [upload.in_path, *(fields.get(name, "").strip() for name in _MAY_HOLD_A_KEY)]
    for text in candidates:
        if public_part(text):
            return text
    if cut := next(filter(None, map(_BEGINS_LIKE_A_KEY.match, candidates)), None):
        # A truncated key: pad it, so that it is looked up by its prefix and the sensor's page shows what is wrong.
        return f"{cut[0]}-{'x' * 32}"
    if passkey := fields.get("passkey") or fields.get("mac"):
        return shown_passkey(passkey)
    identity, secret = _identity(fields)
    return shown_identity(identity, secret) if identity and secret else upload.in_path


def readings_in(upload: Upload, settings: Settings) -> Sequence[Sent]:
    """Convert the fields to readings according to the sensor's settings."""
    return readings_of(upload.fields, sorted(upload.form.twice), family=upload.family, settings=settings)


def shown_by(upload: Upload, credential: str, *, door: str, address: str) -> ShownConsole | None:
    """Describe an unclaimed console; return None unless it has an identity and sends at least one weather field."""
    shows, _, _ = credential.partition(" ")
    ending = _ending(shows, upload.fields)
    known = readers(upload.family, "as_named")
    if not ending or not any(name in known for name in upload.fields):
        return None
    model = next((text for name in ("model", "stationtype", "softwaretype") if (text := upload.fields.get(name))), "")
    model = "".join(letter for letter in model if letter.isprintable())[:LONGEST_MODEL]
    return ShownConsole(console_digest(credential), shows, ending, model, door, network_of(address))


def _ending(shows: str, fields: Mapping[str, str]) -> str:
    if shows == "PASSKEY":
        passkey = (fields.get("passkey") or fields.get("mac") or "").strip().upper()
        return re.sub("[:.-]", "", passkey)[-4:] if _PASSKEY.fullmatch(passkey) else ""
    identity, secret = _identity(fields)
    is_one = shows == "ID" and _PRINTABLE.fullmatch(identity) and _PRINTABLE.fullmatch(secret)
    return identity if is_one else ""


def _identity(fields: Mapping[str, str]) -> tuple[str, str]:
    identity = next((fields[name] for name in _IDENTITIES if fields.get(name)), "")
    return identity.strip(), next((fields[name] for name in _SECRETS if fields.get(name)), "").strip()


def _tail(request: Request, marker: str) -> tuple[str, str]:
    """Split the text after the door's path into a key, and fields that were appended without a `?`."""
    _, found, tail = request.raw_path.partition(marker)
    tail = (tail if found else request.named.get("glued") or "").strip("/?&")
    in_path = request.named.get("key") or ""
    if "=" not in tail:
        return in_path or tail, ""
    head, _, rest = tail.partition("/")
    return (head, rest.lstrip("?&")) if public_part(head) else (in_path, tail)


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _text(body: bytes) -> str:
    return decode_text(body).strip(AROUND) if body else ""
