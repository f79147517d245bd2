"""Addresses of what is saved from pages."""

from django.urls import path

from sensorfusion.readings.pages import site_archive

urlpatterns = [path("sites/<uuid:uuid>/archive.zip", site_archive, name="site-archive")]
