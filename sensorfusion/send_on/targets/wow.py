"""The Met Office's Weather Observations Website: a GET for each observation, in US units.

`baromin` is the pressure at mean sea level and `dailyrainin` the rain since local midnight. By the documentation
`rainin` is the rain since the observation before, but programs send an hour's, and what is received cannot be told
apart; so it is left out. Observations at shorter intervals than 15 minutes are not asked for, and one that comes too
early is answered with 429.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_noop

from sensorfusion.domain.consoles.field import IN, INHG, MPH, PCT, F
from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.fields import as_console
from sensorfusion.send_on.targets.target import Account, AccountField, Column, Sample, Target

ADDRESS: Final = "https://wow.metoffice.gov.uk/automaticreading"
COLUMNS: Final = (
    Column("temperature", "tempf", F, 1),
    Column("humidity", "humidity", PCT, 0),
    Column("dew_point", "dewptf", F, 1),
    Column("sea_level_pressure", "baromin", INHG, 3),
    Column("wind_direction", "winddir", "deg", 0),
    Column("wind_speed", "windspeedmph", MPH, 1),
    Column("wind_gust", "windgustmph", MPH, 1),
    Column("wind_gust_direction", "windgustdir", "deg", 0),
    Column("rain_midnight", "dailyrainin", IN, 3),
    Column("soil_temperature", "soiltempf", F, 1),
    Column("soil_moisture", "soilmoisture", PCT, 0),
    Column("visibility", "visibility", "km", 2),
)


def _write(samples: Sequence[Sample], account: Account) -> list[Request]:
    credentials = [("siteid", account["site"]), ("siteAuthenticationKey", account["key"])]
    return [as_console(ADDRESS, credentials, sample, COLUMNS) for sample in samples]


TARGET: Final = Target(
    slug="wow",
    name="Met Office WOW",
    about=gettext_noop("The Weather Observations Website of the Met Office and its partners."),
    sign_up="https://wow.metoffice.gov.uk/",
    documentation="https://wow.metoffice.gov.uk/support/dataformats",
    account=(
        AccountField(
            name="site",
            label=gettext_noop("Site ID"),
            help=gettext_noop("The long ID on the page of your site, or its number."),
            pattern=r"[A-Za-z0-9-]{4,64}",
            wrong=gettext_noop("A site ID has letters, digits and - only."),
        ),
        AccountField(
            name="key",
            label=gettext_noop("Authentication key"),
            help=gettext_noop("The six digits that you chose for the site."),
            pattern=r"[0-9]{6}",
            wrong=gettext_noop("The key has six digits."),
            is_secret=True,
        ),
    ),
    columns=COLUMNS,
    limits=gettext_noop("The newest reading, at most every 5 minutes; none older than an hour."),
    interval_s=900,
    shortest_s=300,
    stale=timedelta(hours=1),
    rain=("rain_midnight",),
    derives=("dew_point", "sea_level_pressure"),
    write=_write,
)
