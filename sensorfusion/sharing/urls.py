"""URLs of what links show, and of how links are made. The sockets `/s/…/live/`, `/p/…/live/` are in `asgi.py`."""

from django.urls import path

from sensorfusion.sharing.api import OneShare, Shares
from sensorfusion.sharing.owner_pages import end, publish, shares, unpublish
from sensorfusion.sharing.pages import card_json, newest, page, series
from sensorfusion.sharing.screens.pages import open_on, state, tv
from sensorfusion.sharing.showing.embed_pages import EMBEDS
from sensorfusion.sharing.showing.pages import png, svg
from sensorfusion.sharing.sites.api import OneSiteShare, SiteShares
from sensorfusion.sharing.sites.embed_pages import EMBEDS as EMBEDS_OF_SITES
from sensorfusion.sharing.sites.front_pages import front
from sensorfusion.sharing.sites.owner_pages import end_sharing, sharing
from sensorfusion.sharing.sites.pages import newest as newest_of_site
from sensorfusion.sharing.sites.pages import site_page
from sensorfusion.sharing.sites.picture_pages import page_png, page_svg
from sensorfusion.web.addresses import address

api = [
    address("shares/", Shares.as_view(), name="shares"),
    address("site-shares/", SiteShares.as_view(), name="site-shares"),
    address("site-shares/<uuid:page>/", OneSiteShare.as_view(), name="site-share-api"),
    address("shares/<uuid:share>/", OneShare.as_view(), name="share-api"),
]

urlpatterns = [
    path("", front),  # the overview, or the front page for people without an account
    path("p/<str:page>/", site_page, name="site-page"),
    *(path(f"p/<str:page>/embed/{kind}/", view, name=f"site-embed-{kind}") for kind, view in EMBEDS_OF_SITES.items()),
    path("p/<str:page>/latest/", newest_of_site, name="site-page-latest"),
    path("p/<str:page>/picture.svg", page_svg, name="site-page-picture-svg"),
    path("p/<str:page>/picture.png", page_png, name="site-page-picture-png"),
    path("sites/<uuid:uuid>/sharing/", sharing, name="site-sharing"),
    path("sites/<uuid:uuid>/sharing/end/", end_sharing, name="site-sharing-end"),
    path("s/<str:token>/", page, name="share"),
    path("s/<str:token>/latest/", newest, name="share-latest"),
    path("s/<str:token>/card.json", card_json, name="share-card"),
    path("s/<str:token>/picture.svg", svg, name="share-picture-svg"),
    path("s/<str:token>/picture.png", png, name="share-picture-png"),
    *(path(f"s/<str:token>/embed/{kind}/", view, name=f"share-embed-{kind}") for kind, view in EMBEDS.items()),
    path("s/<str:token>/series/", series, name="share-series"),
    path("tv/", tv, name="tv"),
    path("tv/state/", state, name="tv-state"),
    path("tv/open/", open_on, name="tv-open"),
    path("sensors/<uuid:uuid>/shares/", shares, name="sensor-shares-page"),
    path("sensors/<uuid:uuid>/public/", publish, name="sensor-public"),
    path("sensors/<uuid:uuid>/public/end/", unpublish, name="sensor-public-end"),
    path("sensors/<uuid:uuid>/shares/<uuid:share>/end/", end, name="sensor-share-end"),
]
