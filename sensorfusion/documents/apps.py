"""App configuration."""

from django.apps import AppConfig


class DocumentsApp(AppConfig):
    name = "sensorfusion.documents"
    label = "documents"
