"""URLs of the pages of Explore."""

from django.urls import path

from sensorfusion.explore.pages import delete, explore, explore_csv, save, saved_comparison

urlpatterns = [
    path("explore/", explore, name="explore"),
    path("explore/csv/", explore_csv, name="explore-csv"),
    path("explore/saved/", save, name="explore-save"),
    path("explore/saved/<uuid:saved>/", saved_comparison, name="saved-comparison"),
    path("explore/saved/<uuid:saved>/delete/", delete, name="saved-comparison-delete"),
]
