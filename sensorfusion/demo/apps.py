"""Django app configuration of the demo."""

from django.apps import AppConfig


class DemoApp(AppConfig):
    name = "sensorfusion.demo"
    label = "demo"
