"""The parameters of the tools, each described once; the descriptions are what a model reads."""

from typing import Annotated, Literal

from pydantic import Field

from sensorfusion.mcp.spans import FORMS

Sensor = Annotated[str, Field(max_length=200, description="Name or id of a sensor, as `sensors` lists them.")]
Quantity = Annotated[
    str,
    Field(max_length=64, description="Name of the catalogue, such as temperature or wind_gust; `latest` lists them."),
]
SpanText = Annotated[
    str, Field(max_length=100, description=f"Which time. {FORMS}. Without a zone: the zone and days of the site.")
]
Resolution = Annotated[
    Literal["auto", "raw", "5m", "1h", "1d"],
    Field(description="Rows: auto (the finest that fits into one answer), single readings, 5 minutes, hours or days."),
]
Skip = Annotated[int, Field(ge=0, le=1_000_000, description="Rows to leave out: where an earlier answer ended.")]
