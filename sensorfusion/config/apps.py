"""Tells Django that this package is an app."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "sensorfusion.config"
    label = "config"
