"""Tells Django that this package is an app."""

from django.apps import AppConfig


class ReadingsApp(AppConfig):
    name = "sensorfusion.readings"
    label = "readings"
