"""App configuration."""

from django.apps import AppConfig


class ServerApp(AppConfig):
    name = "sensorfusion.server"
    label = "server"
