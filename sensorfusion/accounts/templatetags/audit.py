"""Entries of the audit log in their reader's language."""

from django import template

from sensorfusion.accounts.audit import words
from sensorfusion.accounts.audit.models import AuditEntry

register = template.Library()


@register.filter
def subject(entry: AuditEntry) -> str:
    return words.subject(entry.action, entry.subject)


@register.filter
def address(entry: AuditEntry) -> str:
    return words.address(entry.address)
