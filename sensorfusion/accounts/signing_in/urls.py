"""URLs of second factors and sessions. The names are those by which allauth looks its pages up."""

from django.urls import path

from sensorfusion.accounts.signing_in import pages

urlpatterns = [
    path("sign-in/second-factor/", pages.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", pages.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("account/confirm/", pages.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", pages.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("account/confirm/passkey/", pages.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/second-factor/", pages.Factors.as_view(), name="mfa_index"),
    path("account/second-factor/app/", pages.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", pages.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/second-factor/passkeys/", pages.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/", pages.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove/", pages.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/second-factor/codes/", pages.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new/", pages.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/sessions/end/", pages.end_sessions, name="account-sessions-end"),
    path("account/sessions/<int:number>/end/", pages.end_session, name="account-session-end"),
]
