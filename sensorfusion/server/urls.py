"""The URLs that Django serves; those of doors and sockets are in `asgi.py`."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from sensorfusion.accounts.pages import admin_sign_in
from sensorfusion.documents.mailing import urls as report_mail
from sensorfusion.handover import urls as handover
from sensorfusion.ingest.doors import openweathermap_stations
from sensorfusion.ingest.polling import urls as polling
from sensorfusion.send_on import urls as send_on
from sensorfusion.sharing import urls as sharing
from sensorfusion.web.addresses import address
from sensorfusion.web.problems import no_such_address

handler400 = "sensorfusion.web.errors.bad_request"
handler500 = "sensorfusion.web.errors.page_error"
urlpatterns = [
    path("admin/login/", admin_sign_in),
    path("admin/", admin.site.urls),
    address("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(template_name="web/api-docs.html"), name="api-docs"),
    path("api/docs", RedirectView.as_view(pattern_name="api-docs")),
    path("api/redoc/", SpectacularRedocView.as_view(template_name="web/api-docs.html"), name="api-redoc"),
    path("api/redoc", RedirectView.as_view(pattern_name="api-redoc")),
    path("api/v1/auth/", include("sensorfusion.accounts.urls")),
    path("api/v1/", include("sensorfusion.sensors.urls")),
    path("api/v1/", include("sensorfusion.readings.urls")),
    path("api/v1/", include("sensorfusion.explore.urls")),
    path("api/v1/", include("sensorfusion.alerts.urls")),
    path("api/v1/", include(sharing.api)),
    path("api/v1/", include("sensorfusion.webhooks.urls")),
    path("api/v1/", include(report_mail.api)),
    path("api/v1/", include(polling.api)),
    path("api/v1/", include(send_on.api)),
    path("api/v1/", include(handover.api)),
    re_path(r"^api(?:/|$)", no_such_address),
    path("clients/", include("sensorfusion.sensors.onboarding.clients")),
    address("data/3.0/stations/", openweathermap_stations.stations, name="weather-stations"),
    address("data/3.0/stations/<uuid:uuid>/", openweathermap_stations.station, name="weather-station"),
    path("", include("sensorfusion.web.offline.urls")),
    path("", include("sensorfusion.accounts.page_urls")),
    path("administration/", include("sensorfusion.administration.urls")),
    path("", include("sensorfusion.sensors.page_urls")),
    path("", include("sensorfusion.readings.export.page_urls")),
    path("", include("sensorfusion.ingest.polling.urls")),
    path("", include("sensorfusion.send_on.urls")),
    path("", include("sensorfusion.handover.urls")),
    path("", include("sensorfusion.ingest.files.urls")),
    path("", include("sensorfusion.explore.page_urls")),
    path("", include("sensorfusion.sharing.urls")),
    path("", include("sensorfusion.webhooks.page_urls")),
    path("", include("sensorfusion.documents.urls")),
    path("", include("sensorfusion.documents.mailing.urls")),
    path("", include("sensorfusion.alerts.page_urls")),
    path("", include("sensorfusion.alerts.messages.page_urls")),
    path("", include("sensorfusion.reports.urls")),
]
