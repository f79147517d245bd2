"""Entries of the audit log. They outlive the operators and sites that they name, and never hold a secret."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

LONGEST_SUBJECT: Final = 600


class Action(models.TextChoices):
    """What was done; the values are those of the API."""

    ACCOUNT_CREATED = "account_created", gettext_lazy("Account created")
    INSTALLATION_SET_UP = "installation_set_up", gettext_lazy("Installation set up by its first administrator")
    SIGNUP_INVITED = "signup_invited", gettext_lazy("Person invited to make an account")
    SIGNUP_INVITATION_ENDED = "signup_invitation_ended", gettext_lazy("Invitation to make an account revoked")
    SIGNUP_INVITATION_USED = "signup_invitation_used", gettext_lazy("Account made by an invitation")
    ACCOUNT_CHANGED = "account_changed", gettext_lazy("Account changed by an administrator")
    ACCOUNT_CLOSED = "account_closed", gettext_lazy("Account closed")
    SIGNED_IN = "signed_in", gettext_lazy("Signed in")
    SIGNED_OUT = "signed_out", gettext_lazy("Signed out")
    PASSWORD_CHANGED = "password_changed", gettext_lazy("Password changed, all tokens ended")
    RESET_REQUESTED = "reset_requested", gettext_lazy("Link for a new password asked for")
    PASSWORD_RESET = "password_reset", gettext_lazy("New password set, all tokens ended")
    EMAIL_CHANGED = "email_changed", gettext_lazy("E-mail address changed")
    EMAIL_CONFIRMED = "email_confirmed", gettext_lazy("E-mail address confirmed by its link")
    EMAIL_CHANGE_ASKED = "email_change_asked", gettext_lazy("Change of the e-mail address asked for")
    EMAIL_CHANGE_ENDED = "email_change_ended", gettext_lazy("Change of the e-mail address refused or cancelled")
    ACCOUNT_EXPORTED = "account_exported", gettext_lazy("Archive of the account made")
    FACTOR_ADDED = "factor_added", gettext_lazy("Second factor added")
    FACTOR_REMOVED = "factor_removed", gettext_lazy("Second factor removed")
    CODES_MADE = "codes_made", gettext_lazy("Recovery codes replaced")
    SESSION_ENDED = "session_ended", gettext_lazy("Another browser signed out")
    SESSIONS_ENDED = "sessions_ended", gettext_lazy("Every other browser signed out")
    TOKEN_MADE = "token_made", gettext_lazy("API token made")
    TOKEN_REVOKED = "token_revoked", gettext_lazy("API token revoked")
    SITE_CREATED = "site_created", gettext_lazy("Site created")
    SITE_DELETED = "site_deleted", gettext_lazy("Site deleted")
    SITE_EXPORTED = "site_exported", gettext_lazy("Site exported")
    EXPORT_PREPARED = "export_prepared", gettext_lazy("Export prepared in the background")
    MEMBER_INVITED = "member_invited", gettext_lazy("Member invited")
    INVITATION_WITHDRAWN = "invitation_withdrawn", gettext_lazy("Invitation withdrawn")
    INVITATION_ACCEPTED = "invitation_accepted", gettext_lazy("Invitation accepted")
    INVITATION_DECLINED = "invitation_declined", gettext_lazy("Invitation declined")
    ROLE_CHANGED = "role_changed", gettext_lazy("Role changed")
    MEMBER_ADDED = "member_added", gettext_lazy("Member added by an administrator")
    MEMBER_REMOVED = "member_removed", gettext_lazy("Member removed")
    MEMBER_LEFT = "member_left", gettext_lazy("Member left")
    SENSOR_MOVED_AWAY = "sensor_moved_away", gettext_lazy("Sensor moved to another site")
    SENSOR_MOVED_HERE = "sensor_moved_here", gettext_lazy("Sensor moved here from another site")
    SENSOR_OFFERED = "sensor_offered", gettext_lazy("Sensor offered to another operator")
    SENSOR_OFFER_WITHDRAWN = "sensor_offer_withdrawn", gettext_lazy("Offer of a sensor withdrawn")
    SENSOR_OFFER_DECLINED = "sensor_offer_declined", gettext_lazy("Offer of a sensor declined")
    SENSOR_DELETED = "sensor_deleted", gettext_lazy("Sensor deleted")
    KEY_MADE = "key_made", gettext_lazy("Key made")
    KEY_REVOKED = "key_revoked", gettext_lazy("Key revoked")
    PROVISIONING_ON = "provisioning_on", gettext_lazy("Devices may register themselves")
    PROVISIONING_OFF = "provisioning_off", gettext_lazy("Devices may no longer register themselves")
    CONSOLE_BOUND = "console_bound", gettext_lazy("Console's credential bound to a sensor")
    CONSOLE_RELEASED = "console_released", gettext_lazy("Console's credential removed")
    READINGS_DELETED = "readings_deleted", gettext_lazy("Readings deleted")
    NOTE_MADE = "note_made", gettext_lazy("Note on a sensor made")
    NOTE_CHANGED = "note_changed", gettext_lazy("Note on a sensor changed")
    NOTE_DELETED = "note_deleted", gettext_lazy("Note on a sensor deleted")
    SHARE_MADE = "share_made", gettext_lazy("Link to a sensor made")
    SHARE_CHANGED = "share_changed", gettext_lazy("Link to a sensor changed")
    SHARE_ENDED = "share_ended", gettext_lazy("Link to a sensor revoked")
    COMPARISON_SAVED = "comparison_saved", gettext_lazy("Comparison saved")
    COMPARISON_DELETED = "comparison_deleted", gettext_lazy("Comparison deleted")
    RULE_MADE = "rule_made", gettext_lazy("Alert rule made")
    RULE_CHANGED = "rule_changed", gettext_lazy("Alert rule changed")
    RULE_DELETED = "rule_deleted", gettext_lazy("Alert rule deleted")
    ALERT_ACKNOWLEDGED = "alert_acknowledged", gettext_lazy("Alert acknowledged")
    ALERT_SNOOZED = "alert_snoozed", gettext_lazy("Alert snoozed")
    ALERT_RIGHTS_CHANGED = "alert_rights_changed", gettext_lazy("Right to acknowledge alerts changed")
    WEBHOOK_MADE = "webhook_made", gettext_lazy("Webhook made")
    WEBHOOK_CHANGED = "webhook_changed", gettext_lazy("Webhook changed")
    WEBHOOK_ROTATED = "webhook_rotated", gettext_lazy("Secret of a webhook replaced")
    WEBHOOK_REPLAYED = "webhook_replayed", gettext_lazy("Deliveries of a webhook sent again")
    WEBHOOK_DELETED = "webhook_deleted", gettext_lazy("Webhook deleted")
    SEND_ON_ADDED = "send_on_added", gettext_lazy("Network added that readings are sent on to")
    SEND_ON_CHANGED = "send_on_changed", gettext_lazy("Sending on changed, paused or resumed")
    SEND_ON_REMOVED = "send_on_removed", gettext_lazy("Network removed that readings were sent on to")
    FEATURE_SWITCHED = "feature_switched", gettext_lazy("Feature opened or closed to everyone")
    ANNOUNCED = "announced", gettext_lazy("Announcement put on all pages")
    ANNOUNCEMENT_ENDED = "announcement_ended", gettext_lazy("Announcement ended")


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
