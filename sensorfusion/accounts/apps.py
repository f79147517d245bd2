"""Tells Django that this package is an app."""

from django.apps import AppConfig


class AccountsApp(AppConfig):
    name = "sensorfusion.accounts"
    label = "accounts"
