"""URLs of the API of webhooks."""

from sensorfusion.web.addresses import address
from sensorfusion.webhooks import api, deliveries_api

urlpatterns = [
    address("webhooks/", api.Webhooks.as_view(), name="webhooks-api"),
    address("webhooks/<uuid:webhook>/", api.OneWebhook.as_view(), name="webhook-api"),
    address("webhooks/<uuid:webhook>/rotate/", api.Rotate.as_view(), name="webhook-rotate-api"),
    address("webhooks/<uuid:webhook>/test/", deliveries_api.Test.as_view(), name="webhook-test-api"),
    address("webhooks/<uuid:webhook>/replay/", deliveries_api.Replay.as_view(), name="webhook-replay-api"),
    address("webhooks/<uuid:webhook>/deliveries/", deliveries_api.Deliveries.as_view(), name="webhook-deliveries-api"),
    address(
        "webhooks/<uuid:webhook>/deliveries/<uuid:delivery>/replay/",
        deliveries_api.ReplayOne.as_view(),
        name="webhook-delivery-replay-api",
    ),
]
