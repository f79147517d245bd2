"""URLs of the API of alerts."""

from sensorfusion.alerts import api
from sensorfusion.alerts.messages import api as messages
from sensorfusion.web.addresses import address

urlpatterns = [
    address("rules/", api.Rules.as_view(), name="rules"),
    address("rules/preview/", api.RulePreview.as_view(), name="rule-preview"),
    address("rules/<uuid:rule>/", api.OneRule.as_view(), name="rule"),
    address("alerts/", api.Alerts.as_view(), name="alerts-api"),
    address("alerts/<uuid:alert>/", api.OneAlert.as_view(), name="alert-api"),
    address("alerts/<uuid:alert>/acknowledge/", api.Acknowledge.as_view(), name="alert-acknowledge-api"),
    address("alerts/<uuid:alert>/snooze/", api.Snooze.as_view(), name="alert-snooze-api"),
    address("maintenance/", messages.Windows.as_view(), name="maintenance-api"),
    address("maintenance/<uuid:span>/", messages.OneWindow.as_view(), name="maintenance-one-api"),
    address("sites/<uuid:uuid>/alert-settings/", api.SettingsOfAlerts.as_view(), name="alert-settings"),
]
