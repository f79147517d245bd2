"""URLs of the administrators' pages."""

from django.urls import path

from sensorfusion.administration import decisions, invitations, pages

urlpatterns = [
    path("", pages.overview, name="administration"),
    path("operators/", pages.operators, name="administration-operators"),
    path("invitations/", invitations.invitations, name="administration-invitations"),
    path("invitations/<uuid:uuid>/revoke/", invitations.end, name="administration-invitation-revoke"),
    path("storage/", pages.storage, name="administration-storage"),
    path("storage/<uuid:uuid>/", pages.storage_of_site, name="administration-storage-site"),
    path("jobs/", pages.jobs, name="administration-jobs"),
    path("queues/", pages.queues, name="administration-queues"),
    path("quotas/", pages.quotas, name="administration-quotas"),
    path("features/", decisions.features, name="administration-features"),
    path("announcements/", decisions.announcements, name="administration-announcements"),
    path("announcements/<int:number>/end/", decisions.end, name="administration-announcement-end"),
    path("audit/", pages.audit, name="administration-audit"),
]
