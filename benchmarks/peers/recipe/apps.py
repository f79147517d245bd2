"""The app of the plain site."""

from django.apps import AppConfig


class RecipeConfig(AppConfig):
    name = "benchmarks.peers.recipe"
    label = "recipe"
    default_auto_field = "django.db.models.BigAutoField"
