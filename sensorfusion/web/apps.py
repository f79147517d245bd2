"""App configuration."""

from django.apps import AppConfig


class WebApp(AppConfig):
    name = "sensorfusion.web"
    label = "web"
