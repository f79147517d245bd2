"""App configuration."""

from django.apps import AppConfig
from django.utils import translation

from sensorfusion.domain.texts import translation as domain
from sensorfusion.web.values import numbers


class WebApp(AppConfig):
    name = "sensorfusion.web"
    label = "web"

    def ready(self) -> None:
        domain.use(
            gettext=translation.gettext,
            ngettext=translation.ngettext,
            pgettext=translation.pgettext,
            localised=numbers.localised,
            language=lambda: translation.get_language() or "",
        )
