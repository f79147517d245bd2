"""App configuration."""

from django.apps import AppConfig


class AccountsApp(AppConfig):
    name = "sensorfusion.accounts"
    label = "accounts"
