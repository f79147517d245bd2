"""Addresses that Django answers; doors and sockets are in `asgi.py`."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
