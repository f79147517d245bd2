"""Django app configuration of ingest."""

from django.apps import AppConfig


class IngestApp(AppConfig):
    name = "sensorfusion.ingest"
    label = "ingest"
