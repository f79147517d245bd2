"""URLs of a sensor's notes."""

from django.urls import path

from sensorfusion.readings.notes import pages as note_pages
from sensorfusion.readings.notes.api import Notes, OneNote
from sensorfusion.web.addresses import address

api = [
    address("sensors/<uuid:uuid>/notes/", Notes.as_view(), name="sensor-notes"),
    address("sensors/<uuid:uuid>/notes/<uuid:note>/", OneNote.as_view(), name="sensor-note"),
]

pages = [
    path("sensors/<uuid:uuid>/notes/", note_pages.notes, name="sensor-notes-page"),
    path("sensors/<uuid:uuid>/notes/<uuid:note>/", note_pages.note, name="sensor-note-page"),
    path("sensors/<uuid:uuid>/notes/<uuid:note>/delete/", note_pages.delete, name="sensor-note-delete"),
]
