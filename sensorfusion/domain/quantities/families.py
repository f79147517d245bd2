"""Shared properties of several quantities: unit, limits and their source, as rows without a name.

Limits are range tests after QARTOD and WMO-No. 8; "record" in `source` is one of the WMO weather and climate extremes
archive. `clamp_low` is where an instrument can only show the noise of its own zero; how far below it that reaches is
chosen, and stops short of -1 where devices use that for a missing value.
"""

from dataclasses import replace

from sensorfusion.domain.quantities.quantity import Quantity

TEMPERATURE = Quantity(
    unit="Cel",
    impossible_below=-100,
    plausible_low=-80,
    plausible_high=60,
    impossible_above=80,
    source="records: -89.2 °C and 56.7 °C",
)
FELT = Quantity(
    unit="Cel",
    impossible_below=-150,
    plausible_low=-110,
    plausible_high=90,
    impossible_above=120,
    source="wind chill and heat index reach further than the air does",
)
HUMIDITY = Quantity(
    unit="%",
    decimals=0,
    impossible_below=-5,
    plausible_low=0,
    clamp_low=0,
    plausible_high=103,
    impossible_above=110,
    clamp_high=100,
    source="capacitive sensors overshoot by 3 % when wet",
)
SHARE = Quantity(
    unit="%",
    decimals=0,
    impossible_below=-5,
    plausible_low=0,
    clamp_low=0,
    plausible_high=100,
    impossible_above=110,
    source="by definition",
)
PRESSURE = Quantity(
    unit="hPa",
    impossible_below=300,
    plausible_low=500,
    plausible_high=1100,
    impossible_above=1200,
    source="standard atmosphere: 500 hPa at 5.6 km, 300 hPa at 9.2 km; record: 1089 hPa",
)
SEA_LEVEL = Quantity(
    unit="hPa",
    impossible_below=800,
    plausible_low=846,
    plausible_high=1100,
    impossible_above=1150,
    source="records: 870 hPa (typhoon Tip), 1089 hPa",
)
WIND = Quantity(
    unit="m/s",
    impossible_below=-0.5,
    plausible_low=0,
    clamp_low=0,
    plausible_high=75,
    impossible_above=200,
    source="chosen; means are lower than gusts",
)
GUST = Quantity(
    unit="m/s",
    impossible_below=-0.5,
    plausible_low=0,
    clamp_low=0,
    plausible_high=150,
    impossible_above=200,
    source="record: 113 m/s (Barrow Island)",
)
DIRECTION = Quantity(
    unit="deg",
    decimals=0,
    impossible_below=0,
    plausible_low=0,
    plausible_high=360,
    impossible_above=360,
    combine="vector",
    source="by definition; 0 and 360 are both north and stay as given",
)
RAIN = Quantity(
    unit="mm",
    impossible_below=-0.5,
    plausible_low=0,
    clamp_low=0,
    plausible_high=401,
    impossible_above=2000,
    source="records: 401 mm in 1 h, 1825 mm in 24 h",
)
RAIN_DAY = replace(RAIN, plausible_high=1825, impossible_above=3000, source="record: 1825 mm in 24 h")
RAIN_LONG = Quantity(
    unit="mm",
    impossible_below=-0.5,
    plausible_low=0,
    clamp_low=0,
    plausible_high=27000,
    combine="counter",
    source="record: 26,470 mm in 12 months (Cherrapunji)",
)
RAIN_RATE = Quantity(
    unit="mm/h",
    impossible_below=-0.5,
    plausible_low=0,
    clamp_low=0,
    plausible_high=2400,
    impossible_above=6000,
    source="40 and 100 mm a minute; record: 31.2 mm",
)
SOIL_MOISTURE = replace(SHARE, impossible_above=200, source="some probes count 0 to 200")
CONCENTRATION = Quantity(
    unit="ug/m3",
    impossible_below=-10,
    plausible_low=0,
    clamp_low=0,
    source="chosen: beyond what common sensors measure",
)
GAS = replace(CONCENTRATION, decimals=0, impossible_below=-50, plausible_high=5000)
PARTICLES = replace(CONCENTRATION, plausible_high=2000)
ELECTRIC = Quantity(
    decimals=2,
    impossible_below=-1e9,
    plausible_low=-1e9,
    plausible_high=1e9,
    impossible_above=1e9,
    source="chosen: keeps out only what is absurd",
)
STATE = Quantity(decimals=0, combine="last")
TEXT = Quantity(kind="text", combine="last")
BOOLEAN = Quantity(kind="boolean", combine="last")
