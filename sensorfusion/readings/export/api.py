"""The export API: a sensor's readings as one file."""

import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from sensorfusion.accounts.schema import RefusalSerializer
from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.api import SensorView
from sensorfusion.readings.export.export import CONTENT_TYPES, FORMATS, Export, Exported, Format, Selection
from sensorfusion.readings.export.notes_file import FORMS, Form, NotesExport
from sensorfusion.readings.export.parquet import NoPyarrow, pyarrow
from sensorfusion.readings.export.streaming import Streamed
from sensorfusion.readings.parameters import FROM, TO, instant, one_of
from sensorfusion.web.problems import CONTENT_TYPE

_FORMAT: Final = OpenApiParameter(
    "format", OpenApiTypes.STR, enum=FORMATS, description="Default: csv. Each can be imported again without loss."
)
_OF: Final = OpenApiParameter(
    "of",
    OpenApiTypes.STR,
    enum=("readings", "notes"),
    description="Default: readings. The notes that touch [from, to) are a file of their own, as csv or ndjson.",
)


class AsAsked(BaseContentNegotiation):
    """Leaves `format` to the view: it selects the file's format, while errors are always JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ExportedReadings(SensorView):
    content_negotiation_class = AsAsked

    @extend_schema(
        summary="All stored readings as a file",
        operation_id="sensors_export",
        parameters=[_FORMAT, _OF, FROM, TO],
        responses={
            **{(200, content_type): OpenApiResponse(OpenApiTypes.BINARY) for content_type in CONTENT_TYPES.values()},
            (429, CONTENT_TYPE): OpenApiResponse(RefusalSerializer, "An export of yours is under way already."),
        },
    )
    def get(self, request: Request, uuid: UUID) -> StreamingHttpResponse:
        """Return the readings observed in [from, to), oldest first, as stored when the response begins."""
        sensor = self.sensor(uuid)
        form: Format = one_of(request, "format", FORMATS) or "csv"  # type: ignore[assignment]  # one of FORMATS
        selection = Selection(
            sensors=[Exported(sensor.id, sensor.name)], start=instant(request, "from"), end=instant(request, "to")
        )
        if one_of(request, "of", ("readings", "notes")) == "notes":
            return _notes(selection, one_of(request, "format", FORMS) or "csv", request)  # type: ignore[arg-type]
        if form == "parquet":
            need_pyarrow()
        return attachment(
            Export(selection, form).chunks(),
            by=int(request.user.pk or 0),
            name=f"{sensor.name}.{form}",
            content=CONTENT_TYPES[form],
        )


def _notes(selection: Selection, form: Form, request: Request) -> StreamingHttpResponse:
    return attachment(
        NotesExport(selection, form).chunks(),
        by=int(request.user.pk or 0),
        name=f"{selection.sensors[0].name} notes.{form}",
        content=CONTENT_TYPES[form],
    )


def attachment(pieces: Iterator[bytes], *, by: int, name: str, content: str) -> StreamingHttpResponse:
    """Return a response that streams a file while it is generated, with a name to save it under.

    :raises Refusal: `one_at_a_time` while the operator `by` has an export, `overloaded` when all slots are in use.
    """
    response = StreamingHttpResponse(Streamed(pieces, operator=by), content_type=content)
    response["Content-Disposition"] = f'attachment; filename="{file_name(name)}"'
    response["Cache-Control"] = "no-store"
    # Compressing megabytes would block the event loop, and with it all live streams.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"  # otherwise a proxy would buffer it on disk first
    return response


def file_name(name: str) -> str:
    """Return a name that is valid on every file system."""
    stem, _, ending = name.rpartition(".")
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', stem).strip('-')[:80] or 'readings'}.{ending}"


def need_pyarrow() -> None:
    """:raises Refusal: `not_installed` without the extra that writes Parquet."""
    try:
        pyarrow()
    except NoPyarrow as error:
        raise Refusal("not_installed", str(error), field="format") from None
