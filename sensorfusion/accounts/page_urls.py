"""URLs of the account's pages."""

from django.urls import include, path

from sensorfusion.accounts import pages
from sensorfusion.accounts.addresses import pages as address_pages
from sensorfusion.accounts.administration import pages as announcements
from sensorfusion.accounts.audit import pages as audit_pages
from sensorfusion.accounts.mailing import pages as mail_pages
from sensorfusion.accounts.mailing.reset_pages import NewPassword, forgotten

urlpatterns = [
    path("sign-in/", pages.sign_in, name="sign-in"),
    path("sign-in/", pages.sign_in, name="account_login"),  # as allauth calls it
    path("sign-in/forgotten/", forgotten, name="forgotten"),
    path("sign-in/new-password/<uidb64>/<token>/", NewPassword.as_view(), name="new-password"),
    path("sign-in/address/", address_pages.answer, name="address-answer"),
    path("sign-in/address/<token>/", address_pages.follow, name="address-link"),
    path("", include("sensorfusion.accounts.signing_in.urls")),
    path("sign-out/", pages.sign_out, name="sign-out"),
    path("account/", pages.account, name="account"),
    path("account/announcements/<int:number>/dismiss/", announcements.dismissed, name="announcement-dismiss"),
    path("account/audit/", audit_pages.own, name="account-audit"),
    path("account/profile/", pages.profile, name="account-profile"),
    path("account/choices/", pages.choices, name="account-choices"),
    path("account/email/", address_pages.change, name="account-email"),
    path("account/email/again/", address_pages.again, name="account-email-again"),
    path("account/email/cancel/", address_pages.cancel, name="account-email-cancel"),
    path("account/mail/", mail_pages.choose, name="account-mail"),
    path("account/mail/test/", mail_pages.test, name="account-mail-test"),
    path("account/password/", pages.password, name="account-password"),
    path("account/tokens/", pages.make_token, name="account-tokens"),
    path("account/tokens/<int:number>/end/", pages.revoke_token, name="account-token-end"),
]
