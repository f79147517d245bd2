"""The URL of a site's usage."""

from sensorfusion.sensors.quotas import api as quotas_api
from sensorfusion.web.addresses import address

api = [address("sites/<uuid:uuid>/usage/", quotas_api.SiteUsages.as_view(), name="api-site-usage")]
