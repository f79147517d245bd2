"""URLs of the pages of a site's webhooks."""

from django.urls import path

from sensorfusion.webhooks import pages

_ONE = "sites/<uuid:uuid>/webhooks/<uuid:webhook>/"

urlpatterns = [
    path("sites/<uuid:uuid>/webhooks/", pages.webhooks, name="site-webhooks"),
    path("sites/<uuid:uuid>/webhooks/add/", pages.add, name="site-webhook-add"),
    path(_ONE, pages.one, name="site-webhook"),
    path(f"{_ONE}act/", pages.act, name="site-webhook-act"),
    path(f"{_ONE}delete/", pages.delete, name="site-webhook-delete"),
    path(f"{_ONE}deliveries/<uuid:delivery>/replay/", pages.replay, name="site-webhook-replay"),
]
