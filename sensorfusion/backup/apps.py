"""Tells Django that this package is an app."""

from django.apps import AppConfig


class BackupApp(AppConfig):
    name = "sensorfusion.backup"
    label = "backup"
