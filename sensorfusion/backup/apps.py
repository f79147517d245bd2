"""App configuration."""

from django.apps import AppConfig


class BackupApp(AppConfig):
    name = "sensorfusion.backup"
    label = "backup"
