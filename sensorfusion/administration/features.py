"""What this installation offers: the features that administrators switch, and those that its settings decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from sensorfusion.accounts.administration.models import Feature
from sensorfusion.accounts.administration.queries import closed_features

ABOUT: Final = {
    Feature.SHARING: gettext_lazy("Links to sensors, pages of sites by link or public, and what they embed."),
    Feature.WEBHOOKS: gettext_lazy("Requests to addresses that owners of sites name."),
    Feature.SEND_ON: gettext_lazy("To Weather Underground and the other networks."),
    Feature.POLLING: gettext_lazy("The server asks devices and services that do not send by themselves."),
    Feature.IMPORTS: gettext_lazy("Files of readings that are uploaded on a sensor's page."),
}
# What is installed beside the server, by the name of its extra, and what it is for.
_EXTRAS: Final = {
    "pdf": ("weasyprint", gettext_noop("Reports as PDF")),
    "pictures": ("resvg_py", gettext_noop("Pictures of shared links")),
    "apprise": ("apprise", gettext_noop("Alerts by apprise")),
    "files": ("pyarrow", gettext_noop("Parquet files")),
}


@dataclass(frozen=True, slots=True)
class Switch:
    feature: Feature
    is_on: bool

    @property
    def about(self) -> str:
        return str(ABOUT[self.feature])


@dataclass(frozen=True, slots=True)
class Setting:
    """A feature that needs a setting, or a package, and a restart."""

    label: str
    is_on: bool
    by: str


def switches() -> list[Switch]:
    closed = closed_features()
    return [Switch(feature, feature not in closed) for feature in Feature]


def by_settings() -> Iterator[Setting]:
    """Give what the environment of the server decides."""
    has = settings.ENVIRONMENT
    yield Setting(gettext("Sign-up of new operators"), bool(settings.SIGNUP), "SIGNUP")
    yield Setting(gettext("Public front page"), has.front_page == "public", "SENSORFUSION_FRONT_PAGE")
    yield Setting(gettext("E-mail"), bool(has.email_url), "EMAIL_URL")
    yield Setting(gettext("Readings by MQTT"), bool(has.mqtt_url), "MQTT_URL")
    yield Setting(gettext("Home Assistant discovery"), has.mqtt_discovery, "MQTT_DISCOVERY")
    yield Setting(gettext("Several processes"), bool(has.redis_url), "REDIS_URL")
    yield Setting(gettext("Metrics for other machines"), bool(has.metrics_token), "METRICS_TOKEN")
    for extra, (package, label) in _EXTRAS.items():
        yield Setting(gettext(label), find_spec(package) is not None, gettext("the extra {name}").format(name=extra))
