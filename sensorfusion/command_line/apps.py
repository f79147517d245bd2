"""App configuration."""

from django.apps import AppConfig


class CommandLineApp(AppConfig):
    name = "sensorfusion.command_line"
    label = "command_line"
