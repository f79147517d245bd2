"""The address of a sensor's readings as one file."""

import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.api import SensorView
from sensorfusion.readings.export.export import CONTENT_TYPES, FORMATS, Export, Exported, Format, Selection
from sensorfusion.readings.export.parquet import NoPyarrow, pyarrow
from sensorfusion.readings.export.streaming import Streamed
from sensorfusion.readings.parameters import FROM, TO, instant, one_of

_FORMAT: Final = OpenApiParameter(
    "format", OpenApiTypes.STR, enum=FORMATS, description="csv when left out. Each can be imported again as it is."
)


class AsAsked(BaseContentNegotiation):
    """Leaves `format` to the view: it names the file's format, not that of error messages, which are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ExportedReadings(SensorView):
    content_negotiation_class = AsAsked

    @extend_schema(
        summary="All stored readings as a file",
        operation_id="sensors_export",
        parameters=[_FORMAT, FROM, TO],
        responses={
            (200, content_type): OpenApiResponse(OpenApiTypes.BINARY) for content_type in CONTENT_TYPES.values()
        },
    )
    def get(self, request: Request, uuid: UUID) -> StreamingHttpResponse:
        """Send the readings observed in [from, to), the oldest first, as they are when the answer begins."""
        sensor = self.sensor(uuid)
        form: Format = one_of(request, "format", FORMATS) or "csv"  # type: ignore[assignment]  # one of FORMATS
        selection = Selection(
            sensors=[Exported(sensor.id, sensor.name)], start=instant(request, "from"), end=instant(request, "to")
        )
        if form == "parquet":
            _need_pyarrow()
        return attachment(Export(selection, form).chunks(), name=f"{sensor.name}.{form}", content=CONTENT_TYPES[form])


def attachment(pieces: Iterator[bytes], *, name: str, content: str) -> StreamingHttpResponse:
    """Return a response that sends a file while it is made, to be saved under a name.

    :raises Refusal: `overloaded` while as many as can be are being made.
    """
    response = StreamingHttpResponse(Streamed(pieces), content_type=content)
    response["Content-Disposition"] = f'attachment; filename="{_file_name(name)}"'
    response["Cache-Control"] = "no-store"
    # Packing megabytes would stop the event loop, and with it everybody's live stream.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"  # a proxy would otherwise gather it on its disk first
    return response


def _file_name(name: str) -> str:
    """Return a name that every file system takes."""
    stem, _, ending = name.rpartition(".")
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', stem).strip('-')[:80] or 'readings'}.{ending}"


def _need_pyarrow() -> None:
    try:
        pyarrow()
    except NoPyarrow as error:
        raise Refusal("not_installed", str(error), field="format") from None
