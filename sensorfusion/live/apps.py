"""Tells Django that this package is an app."""

from django.apps import AppConfig


class LiveApp(AppConfig):
    name = "sensorfusion.live"
    label = "live"
