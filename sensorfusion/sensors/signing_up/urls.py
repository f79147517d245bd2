"""URLs of new accounts."""

from django.urls import path

from sensorfusion.sensors.signing_up import pages as signing_up
from sensorfusion.sensors.sites import account_pages

pages = [
    path("sign-up/", account_pages.sign_up, name="sign-up"),
    path("sign-up/invited/<token>/", signing_up.invited, name="sign-up-invited"),
    path("sign-up/confirm/", signing_up.confirmed, name="sign-up-confirmed"),
    path("sign-up/confirm/<token>/", signing_up.follow, name="sign-up-confirm"),
    path("set-up/", signing_up.first, name="set-up"),
]
