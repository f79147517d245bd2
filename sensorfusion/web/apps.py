"""App configuration."""

from django.apps import AppConfig
from django.utils import translation

from sensorfusion.domain.texts import translation as domain


class WebApp(AppConfig):
    name = "sensorfusion.web"
    label = "web"

    def ready(self) -> None:
        domain.use(gettext=translation.gettext, ngettext=translation.ngettext)
