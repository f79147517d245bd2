"""URLs of reports; those of pages end in a slash, those of files in .csv, .txt or .pdf."""

from django.urls import path, register_converter

from sensorfusion.documents.pages import index, month, span, week, year


class FileEnding:
    regex = "csv|txt|pdf"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class IsoDate(FileEnding):
    regex = r"\d{4}-\d{2}-\d{2}"


register_converter(FileEnding, "ending")
register_converter(IsoDate, "isodate")

_BEGINNING = "sensors/<uuid:uuid>/reports/"
urlpatterns = [
    path(_BEGINNING, index, name="reports"),
    path(f"{_BEGINNING}<int:year>/", year, name="report-year"),
    path(f"{_BEGINNING}<int:year>.<ending:ending>", year, name="report-year-file"),
    path(f"{_BEGINNING}<int:year>/W<int:number>/", week, name="report-week"),
    path(f"{_BEGINNING}<int:year>/W<int:number>.<ending:ending>", week, name="report-week-file"),
    path(f"{_BEGINNING}<int:year>/<int:number>/", month, name="report-month"),
    path(f"{_BEGINNING}<int:year>/<int:number>.<ending:ending>", month, name="report-month-file"),
    path(f"{_BEGINNING}<isodate:first>--<isodate:last>/", span, name="report-span"),
    path(f"{_BEGINNING}<isodate:first>--<isodate:last>.<ending:ending>", span, name="report-span-file"),
]
