"""URLs of what links show, and of how links are made. The socket `/s/<token>/live/` is in `asgi.py`."""

from django.urls import path

from sensorfusion.sharing.api import OneShare, Shares
from sensorfusion.sharing.owner_pages import end, shares
from sensorfusion.sharing.pages import card_json, newest, page, series
from sensorfusion.sharing.showing.embed_pages import EMBEDS
from sensorfusion.sharing.showing.pages import png, svg
from sensorfusion.web.addresses import address

api = [
    address("shares/", Shares.as_view(), name="shares"),
    address("shares/<uuid:share>/", OneShare.as_view(), name="share-api"),
]

urlpatterns = [
    path("s/<str:token>/", page, name="share"),
    path("s/<str:token>/latest/", newest, name="share-latest"),
    path("s/<str:token>/card.json", card_json, name="share-card"),
    path("s/<str:token>/picture.svg", svg, name="share-picture-svg"),
    path("s/<str:token>/picture.png", png, name="share-picture-png"),
    *(path(f"s/<str:token>/embed/{kind}/", view, name=f"share-embed-{kind}") for kind, view in EMBEDS.items()),
    path("s/<str:token>/series/", series, name="share-series"),
    path("sensors/<uuid:uuid>/shares/", shares, name="sensor-shares-page"),
    path("sensors/<uuid:uuid>/shares/<uuid:share>/end/", end, name="sensor-share-end"),
]
