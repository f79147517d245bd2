"""URLs of the offline page and of the service worker."""

from django.urls import path

from sensorfusion.web.offline import pages

urlpatterns = [
    path("offline/", pages.offline, name="offline"),
    path("worker.js", pages.worker, name="worker"),
]
