"""App configuration."""

from django.apps import AppConfig


class SendOnApp(AppConfig):
    name = "sensorfusion.send_on"
    label = "send_on"
