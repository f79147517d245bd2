"""URLs of the archives of sites and accounts, of exports in the background, and of exclusions and notes."""

from django.urls import path

from sensorfusion.readings.exclusions.pages import exclusions, restore_excluded
from sensorfusion.readings.export.jobs import urls as jobs
from sensorfusion.readings.export.pages import account_archive, site_archive
from sensorfusion.readings.notes import urls as notes

urlpatterns = [
    path("account/archive.zip", account_archive, name="account-archive"),
    *jobs.pages,
    path("sites/<uuid:uuid>/archive.zip", site_archive, name="site-archive"),
    path("sensors/<uuid:uuid>/exclusions/", exclusions, name="sensor-exclusions-page"),
    path("sensors/<uuid:uuid>/exclusions/<int:number>/restore/", restore_excluded, name="exclusion-restore-page"),
    *notes.pages,
]
