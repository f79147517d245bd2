"""App configuration."""

from django.apps import AppConfig


class AdministrationApp(AppConfig):
    name = "sensorfusion.administration"
    label = "administration"
