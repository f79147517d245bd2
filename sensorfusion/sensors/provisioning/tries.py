"""Counts tries to register a device with a wrong key or secret, per network and for each provisioning key."""

from dataclasses import dataclass, field
from datetime import datetime

from sensorfusion.accounts.tries.tokens import too_many_unknown
from sensorfusion.accounts.tries.unknown_credentials import Excess, UnknownCredentials
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.provisioning.services import is_provisioning_key, provision
from sensorfusion.sensors.services import IssuedKey


@dataclass(frozen=True, slots=True)
class Tried:
    """The key and secret that a device sends, and its network address."""

    key: str
    secret: str = field(repr=False)
    address: str

    @property
    def credential(self) -> str:
        return f"{self.key}\n{self.secret}"


def _key_of(credential: str) -> str:
    return credential.partition("\n")[0]


UNKNOWN_PROVISIONING = UnknownCredentials(name_of=_key_of)  # of this process


def tried_provision(tried: Tried, *, name: str, now: datetime) -> IssuedKey:
    """Register a device, as `provision` does.

    :raises Refusal: that of `provision`, or `too_fast`.
    """
    excess = UNKNOWN_PROVISIONING.excess(tried.credential, tried.address)
    if excess is Excess.CREDENTIAL or (excess is Excess.NETWORK and not is_provisioning_key(tried.key)):
        raise too_many_unknown()
    try:
        issued = provision(key=tried.key, secret=tried.secret, name=name, now=now)
    except Refusal as refused:
        if refused.code == "unknown_provisioning":
            UNKNOWN_PROVISIONING.note_unknown(tried.credential, tried.address)
        raise
    UNKNOWN_PROVISIONING.note_known(tried.credential)
    return issued
