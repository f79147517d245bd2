"""Writing the audit log."""

from django.db.models import Model

from sensorfusion.accounts.audit.models import LONGEST_SUBJECT, Action, AuditEntry
from sensorfusion.accounts.audit.origin import origin
from sensorfusion.accounts.models import Operator


def record(
    action: Action, *, by: Operator | None, site: Model | None = None, subject: str = "", address: str | None = None
) -> None:
    """Record what an operator did, or a device if `by` is None; call it in the transaction that does it.

    `subject` names the object as lists show it, such as a key by its public part. It must not contain a secret.
    `address` is where it came from, if not the present request.
    """
    AuditEntry.objects.create(
        action=action,
        operator=by,
        by=by.email if by else "",
        site_id=site.pk if site else None,
        subject=subject[:LONGEST_SUBJECT],
        address=(origin() if address is None else address)[:45],
    )
