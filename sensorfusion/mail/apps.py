"""App configuration."""

from django.apps import AppConfig


class MailApp(AppConfig):
    name = "sensorfusion.mail"
    label = "mail"
