"""Tells Django that this package is an app."""

from django.apps import AppConfig


class WebApp(AppConfig):
    name = "sensorfusion.web"
    label = "web"
