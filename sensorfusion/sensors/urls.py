"""Addresses of the management API of sites and sensors, below /api/v1/."""

from sensorfusion.sensors import account_api, api, attributes_api, provisioning_pages, quality_api, site_api
from sensorfusion.web.addresses import address

urlpatterns = [
    address("auth/register/", account_api.Register.as_view(), name="api-register"),
    address("auth/me/", account_api.Me.as_view(), name="api-me"),
    address("sites/", site_api.Sites.as_view(), name="api-sites"),
    address("sites/<uuid:uuid>/", site_api.OneSite.as_view(), name="api-site"),
    address("sites/<uuid:uuid>/provisioning/", attributes_api.Provisioning.as_view(), name="api-provisioning"),
    address("provision/", provisioning_pages.register, name="api-provision"),
    address("sites/<uuid:uuid>/members/", site_api.Members.as_view(), name="api-members"),
    address("sites/<uuid:uuid>/members/<uuid:operator>/", site_api.OneMember.as_view(), name="api-member"),
    address("sensors/", api.Sensors.as_view(), name="api-sensors"),
    address("sensors/<uuid:uuid>/", api.OneSensor.as_view(), name="api-sensor"),
    address("sensors/<uuid:uuid>/attributes/", attributes_api.Attributes.as_view(), name="api-attributes"),
    address("sensors/<uuid:uuid>/quality/", quality_api.Quality.as_view(), name="api-quality"),
    address("sensors/<uuid:uuid>/keys/", api.Keys.as_view(), name="api-keys"),
    address("sensors/<uuid:uuid>/keys/<str:prefix>/", api.OneKey.as_view(), name="api-key"),
]
