"""Tells Django that this package is an app."""

from django.apps import AppConfig


class IngestApp(AppConfig):
    name = "sensorfusion.ingest"
    label = "ingest"
