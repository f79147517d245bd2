"""URLs of reports by e-mail, and of their API."""

from django.urls import path

from sensorfusion.documents.mailing.api import OneReportSubscription, ReportSubscriptions
from sensorfusion.documents.mailing.pages import choose, end, own, stop
from sensorfusion.web.addresses import address

api = [
    address("report-subscriptions/", ReportSubscriptions.as_view(), name="report-subscriptions-api"),
    address(
        "report-subscriptions/<uuid:subscription>/",
        OneReportSubscription.as_view(),
        name="report-subscription-api",
    ),
]

urlpatterns = [
    path("sensors/<uuid:uuid>/reports/mail/", choose, name="report-mail-choose"),
    path("account/reports/", own, name="report-mail"),
    path("account/reports/<uuid:subscription>/stop/", stop, name="report-mail-stop"),
    path("account/reports/end/<token>/", end, name="report-mail-end"),
]
