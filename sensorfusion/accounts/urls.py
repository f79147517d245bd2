"""URLs of the account API, below /api/v1/auth/."""

from sensorfusion.accounts import api
from sensorfusion.accounts.audit.api import OwnAuditLog
from sensorfusion.web.addresses import address

urlpatterns = [
    address("login/", api.Login.as_view(), name="api-login"),
    address("logout/", api.Logout.as_view(), name="api-logout"),
    address("password/", api.Password.as_view(), name="api-password"),
    address("audit/", OwnAuditLog.as_view(), name="api-audit"),
    address("tokens/<int:pk>/", api.OneToken.as_view(), name="api-token"),
]
