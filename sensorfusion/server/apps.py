"""Tells Django that this package is an app."""

from django.apps import AppConfig


class ServerApp(AppConfig):
    name = "sensorfusion.server"
    label = "server"
