"""E-mail addresses as accounts have them: an ASCII local part, and the domain in its ASCII form.

Two addresses are the same account if their `email_key` is equal. The local part is compared without case, although
servers may tell `Ada@` from `ada@`: people write either.
"""

from sensorfusion.domain.texts.folding import fold
from sensorfusion.domain.texts.translation import gettext

# Letters that IDNA 2003 replaced and IDNA 2008 does not: with them, a domain names two different hosts.
_AMBIGUOUS = frozenset("ßς\u200c\u200d")


class BadAddress(ValueError):
    """The address cannot be an account's; the message says why."""


def canonical(address: str) -> str:
    """Return the address to store.

    :raises BadAddress: for letters that mail servers may read differently.
    """
    local, at, domain = address.strip().rpartition("@")
    if not (local and at and domain):
        raise BadAddress(gettext("Enter a valid email address, as ada@example.org."))
    if not local.isascii():
        raise BadAddress(gettext("Before the @ only plain letters, digits and signs are possible, no accents."))
    return f"{local}@{_ascii(domain)}"


def email_key(address: str) -> str:
    """Return the address for comparison; one that no account can have is folded all the same."""
    try:
        return canonical(fold(address))
    except BadAddress:
        return fold(address)


def _ascii(domain: str) -> str:
    if _AMBIGUOUS & set(domain):
        raise BadAddress(
            gettext("The domain has letters that not every program reads alike. Write its form with xn--.")
        )
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadAddress(gettext("The part after the @ is no domain name.")) from None
