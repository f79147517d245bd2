"""Entries of the audit log. They outlive the operators and sites that they name, and never hold a secret."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone

LONGEST_SUBJECT: Final = 600


class Action(models.TextChoices):
    """What was done; the values are those of the API."""

    ACCOUNT_CREATED = "account_created", "Account created"
    ACCOUNT_CHANGED = "account_changed", "Account changed by an administrator"
    ACCOUNT_CLOSED = "account_closed", "Account closed"
    SIGNED_IN = "signed_in", "Signed in"
    SIGNED_OUT = "signed_out", "Signed out"
    PASSWORD_CHANGED = "password_changed", "Password changed, all tokens ended"
    RESET_REQUESTED = "reset_requested", "Link for a new password asked for"
    PASSWORD_RESET = "password_reset", "New password set, all tokens ended"
    EMAIL_CHANGED = "email_changed", "E-mail address changed"
    EMAIL_CONFIRMED = "email_confirmed", "E-mail address confirmed by its link"
    EMAIL_CHANGE_ASKED = "email_change_asked", "Change of the e-mail address asked for"
    EMAIL_CHANGE_ENDED = "email_change_ended", "Change of the e-mail address refused or cancelled"
    ACCOUNT_EXPORTED = "account_exported", "Archive of the account made"
    FACTOR_ADDED = "factor_added", "Second factor added"
    FACTOR_REMOVED = "factor_removed", "Second factor removed"
    CODES_MADE = "codes_made", "Recovery codes replaced"
    SESSION_ENDED = "session_ended", "Another browser signed out"
    SESSIONS_ENDED = "sessions_ended", "Every other browser signed out"
    TOKEN_MADE = "token_made", "API token made"
    TOKEN_REVOKED = "token_revoked", "API token revoked"
    SITE_CREATED = "site_created", "Site created"
    SITE_DELETED = "site_deleted", "Site deleted"
    SITE_EXPORTED = "site_exported", "Site exported"
    EXPORT_PREPARED = "export_prepared", "Export prepared in the background"
    MEMBER_INVITED = "member_invited", "Member invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn", "Invitation withdrawn"
    INVITATION_ACCEPTED = "invitation_accepted", "Invitation accepted"
    INVITATION_DECLINED = "invitation_declined", "Invitation declined"
    ROLE_CHANGED = "role_changed", "Role changed"
    MEMBER_ADDED = "member_added", "Member added by an administrator"
    MEMBER_REMOVED = "member_removed", "Member removed"
    MEMBER_LEFT = "member_left", "Member left"
    SENSOR_MOVED_AWAY = "sensor_moved_away", "Sensor moved to another site"
    SENSOR_MOVED_HERE = "sensor_moved_here", "Sensor moved here from another site"
    SENSOR_DELETED = "sensor_deleted", "Sensor deleted"
    KEY_MADE = "key_made", "Key made"
    KEY_REVOKED = "key_revoked", "Key revoked"
    PROVISIONING_ON = "provisioning_on", "Devices may register themselves"
    PROVISIONING_OFF = "provisioning_off", "Devices may no longer register themselves"
    CONSOLE_BOUND = "console_bound", "Console's credential bound to a sensor"
    CONSOLE_RELEASED = "console_released", "Console's credential removed"
    READINGS_DELETED = "readings_deleted", "Readings deleted"
    NOTE_MADE = "note_made", "Note on a sensor made"
    NOTE_CHANGED = "note_changed", "Note on a sensor changed"
    NOTE_DELETED = "note_deleted", "Note on a sensor deleted"
    SHARE_MADE = "share_made", "Link to a sensor made"
    SHARE_CHANGED = "share_changed", "Link to a sensor changed"
    SHARE_ENDED = "share_ended", "Link to a sensor revoked"
    COMPARISON_SAVED = "comparison_saved", "Comparison saved"
    COMPARISON_DELETED = "comparison_deleted", "Comparison deleted"
    RULE_MADE = "rule_made", "Alert rule made"
    RULE_CHANGED = "rule_changed", "Alert rule changed"
    RULE_DELETED = "rule_deleted", "Alert rule deleted"
    ALERT_ACKNOWLEDGED = "alert_acknowledged", "Alert acknowledged"
    ALERT_SNOOZED = "alert_snoozed", "Alert snoozed"
    ALERT_RIGHTS_CHANGED = "alert_rights_changed", "Right to acknowledge alerts changed"
    WEBHOOK_MADE = "webhook_made", "Webhook made"
    WEBHOOK_CHANGED = "webhook_changed", "Webhook changed"
    WEBHOOK_ROTATED = "webhook_rotated", "Secret of a webhook replaced"
    WEBHOOK_REPLAYED = "webhook_replayed", "Deliveries of a webhook sent again"
    WEBHOOK_DELETED = "webhook_deleted", "Webhook deleted"
    SEND_ON_ADDED = "send_on_added", "Network added that readings are sent on to"
    SEND_ON_CHANGED = "send_on_changed", "Sending on changed, paused or resumed"
    SEND_ON_REMOVED = "send_on_removed", "Network removed that readings were sent on to"
    FEATURE_SWITCHED = "feature_switched", "Feature opened or closed to everyone"
    ANNOUNCED = "announced", "Announcement put on all pages"
    ANNOUNCEMENT_ENDED = "announcement_ended", "Announcement ended"


class AuditEntry(models.Model):
    """One action. Written by `audit.services.record`, in the transaction of what it records."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    action = models.CharField(max_length=24, choices=Action)
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=254, blank=True)  # the operator's address at that time; empty for devices
    # Null for actions on an account, and when the site was deleted since.
    site = models.ForeignKey("sensors.Site", on_delete=models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=LONGEST_SUBJECT, blank=True)
    address = models.CharField(max_length=45, blank=True)  # see `audit.origin`

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.by or '-'}: {self.action} {self.subject}".rstrip()
