"""App configuration."""

from django.apps import AppConfig


class WebhooksApp(AppConfig):
    name = "sensorfusion.webhooks"
    label = "webhooks"
