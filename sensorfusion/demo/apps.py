"""Tells Django that this package is an app."""

from django.apps import AppConfig


class DemoApp(AppConfig):
    name = "sensorfusion.demo"
    label = "demo"
