"""Texts of other packages that pages show, marked so that our catalogue has them.

Their own translations address readers too familiarly, or are not those of a button.
"""

from typing import Final

from django.utils.translation import gettext_noop

# Of django-allauth: what leads from one way of confirming to another. Of Django's field for addresses, the last.
WORDED: Final = (
    gettext_noop("Use your password"),
    gettext_noop("Use authenticator app or code"),
    gettext_noop("Use a security key"),
    gettext_noop("Incorrect password."),
    gettext_noop("Enter a valid email address."),
)
