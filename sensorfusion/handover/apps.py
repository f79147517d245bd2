"""App configuration."""

from django.apps import AppConfig


class HandoverApp(AppConfig):
    name = "sensorfusion.handover"
    label = "handover"
