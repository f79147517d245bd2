"""URLs of sites, their members and the account pages."""

from django.urls import path

from sensorfusion.sensors.closing import pages as closing_pages
from sensorfusion.sensors.signing_up import urls as signing_up
from sensorfusion.sensors.sites import (
    account_api,
    audit_api,
    audit_pages,
    invitation_pages,
    invitations_api,
    member_pages,
    token_api,
    token_pages,
)
from sensorfusion.sensors.sites import api as site_api
from sensorfusion.sensors.sites import pages as site_pages
from sensorfusion.web.addresses import address

api = [
    address("auth/register/", account_api.Register.as_view(), name="api-register"),
    address("auth/me/", account_api.Me.as_view(), name="api-me"),
    address("auth/tokens/", token_api.Tokens.as_view(), name="api-tokens"),
    address("sites/", site_api.Sites.as_view(), name="api-sites"),
    address("sites/<uuid:uuid>/", site_api.OneSite.as_view(), name="api-site"),
    address("sites/<uuid:uuid>/audit/", audit_api.SiteAuditLog.as_view(), name="api-site-audit"),
    address("sites/<uuid:uuid>/members/", site_api.Members.as_view(), name="api-members"),
    address("sites/<uuid:uuid>/invitations/", invitations_api.OfSite.as_view(), name="api-site-invitations"),
    address(
        "sites/<uuid:uuid>/invitations/<uuid:invitation>/",
        invitations_api.OneOfSite.as_view(),
        name="api-site-invitation",
    ),
    address("invitations/", invitations_api.Mine.as_view(), name="api-invitations"),
    address("invitations/<uuid:uuid>/accept/", invitations_api.Accept.as_view(), name="api-invitation-accept"),
    address("invitations/<uuid:uuid>/decline/", invitations_api.Decline.as_view(), name="api-invitation-decline"),
    address("sites/<uuid:uuid>/members/<uuid:operator>/", site_api.OneMember.as_view(), name="api-member"),
]

pages = [
    *signing_up.pages,
    path("account/close/", closing_pages.close, name="account-close"),
    path("sites/new/", site_pages.new, name="site-new"),
    path("sites/<uuid:uuid>/settings/", site_pages.settings, name="site-settings"),
    path("sites/<uuid:uuid>/delete/", site_pages.delete, name="site-delete"),
    path("sites/<uuid:uuid>/audit/", audit_pages.of_site, name="site-audit"),
    path("sites/<uuid:uuid>/tokens/", token_pages.make, name="site-tokens"),
    path("sites/<uuid:uuid>/members/", member_pages.invite, name="members"),
    path("invitations/", invitation_pages.mine, name="invitations"),
    path("invitations/<uuid:uuid>/answer/", invitation_pages.answer, name="invitation-answer"),
    path(
        "sites/<uuid:uuid>/invitations/<uuid:invitation>/withdraw/",
        invitation_pages.take_back,
        name="invitation-withdraw",
    ),
    path("sites/<uuid:uuid>/members/<uuid:member>/", member_pages.change, name="member"),
    path("sites/<uuid:uuid>/members/<uuid:member>/remove/", member_pages.remove, name="member-remove"),
]
