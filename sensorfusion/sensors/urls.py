"""URLs of the management API of sites and sensors, below /api/v1/."""

from sensorfusion.sensors import api
from sensorfusion.sensors.naming import urls as naming
from sensorfusion.sensors.notices import urls as notices
from sensorfusion.sensors.provisioning import urls as provisioning
from sensorfusion.sensors.quality import urls as quality
from sensorfusion.sensors.quotas import urls as quotas
from sensorfusion.sensors.sites import urls as sites
from sensorfusion.web.addresses import address

urlpatterns = [
    *sites.api,
    *provisioning.api,
    address("sensors/", api.Sensors.as_view(), name="api-sensors"),
    address("sensors/<uuid:uuid>/", api.OneSensor.as_view(), name="api-sensor"),
    address("sensors/<uuid:uuid>/keys/", api.Keys.as_view(), name="api-keys"),
    address("sensors/<uuid:uuid>/keys/<str:prefix>/", api.OneKey.as_view(), name="api-key"),
    *naming.api,
    *notices.api,
    *quality.api,
    *quotas.api,
]
