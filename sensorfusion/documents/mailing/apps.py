"""App configuration. An app of its own: it has the tables of `documents`, whose reports need none."""

from django.apps import AppConfig


class ReportMailApp(AppConfig):
    name = "sensorfusion.documents.mailing"
    label = "report_mail"
