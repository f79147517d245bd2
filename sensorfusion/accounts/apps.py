"""App configuration."""

from django.apps import AppConfig


class AccountsApp(AppConfig):
    name = "sensorfusion.accounts"
    label = "accounts"

    def ready(self) -> None:
        from sensorfusion.accounts.signing_in import records  # noqa: F401  # receivers of signals
