"""URLs of reports by e-mail."""

from django.urls import path

from sensorfusion.documents.mailing.pages import choose, end, own, stop

urlpatterns = [
    path("sensors/<uuid:uuid>/reports/mail/", choose, name="report-mail-choose"),
    path("account/reports/", own, name="report-mail"),
    path("account/reports/<uuid:subscription>/stop/", stop, name="report-mail-stop"),
    path("account/reports/end/<token>/", end, name="report-mail-end"),
]
