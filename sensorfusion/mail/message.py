"""What a message says, and its rendering as text and as HTML in the product's look.

A message is made of sentences, facts and one link, so every kind is escaped in one place and looks alike. What people
chose, such as the name of a site, is shown with `shown_name`: programs for mail make links of what looks like one.
"""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext, override, pgettext

from sensorfusion.domain.redaction import told
from sensorfusion.mail.kinds import Kind
from sensorfusion.web.values.dates import long_day_of_year

LONGEST_SUBJECT: Final = 100
_LONGEST_NAME: Final = 60
# What a program for mail may make a link of, and so what a stranger could send people to in our name.
_LIKE_A_LINK: Final = re.compile(r"://|@|\w\.\w", re.ASCII)
_LOCAL: Final = "http://localhost:8000"  # only with EMAIL_URL=console: and without PUBLIC_URL


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of twice the width at which it is shown; `alt` is what it says."""

    png: bytes = field(repr=False)
    alt: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """Return it as an address, as which it waits in the outbox; `envelope.py` sends it as a part of the e-mail."""
        return f"data:image/png;base64,{b64encode(self.png).decode()}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes with a message that is composed when it is sent; the outbox holds none."""

    name: str
    content: bytes = field(repr=False)
    kind: str = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message before it is rendered; `link` has a label and a path of ours.

    `stop` is the path at which its reader ends such messages without signing in. `is_dated` adds when it was made.
    """

    kind: Kind
    subject: str
    sentences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    link: tuple[str, str] | None = None
    advice: str = ""
    stop: str = ""
    is_dated: bool = True
    picture: Picture | None = None  # in the HTML only
    attachment: Attachment | None = None
    language: str = field(default_factory=lambda: get_language() or settings.LANGUAGE_CODE)  # in which it is written


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it is sent."""

    subject: str
    text: str
    html: str
    stop: str = ""  # the whole address
    attachment: Attachment | None = None


def render(message: Message, *, made_at: datetime) -> Rendered:
    """Render a message that was made at an instant, which is one of its facts, in its own language."""
    with override(message.language):
        return _rendered(message, made_at)


def _rendered(message: Message, made_at: datetime) -> Rendered:
    context: dict[str, Any] = {
        "subject": one_line(message.subject, LONGEST_SUBJECT),
        "sentences": message.sentences,
        "facts": [*message.facts, *([(gettext("When"), _instant(made_at))] if message.is_dated else [])],
        "label": message.link[0] if message.link else "",
        "target": absolute(message.link[1]) if message.link else "",
        "advice": message.advice,
        "why": _why(message.kind),
        "stop": absolute(message.stop) if message.stop else "",
        "home": home(),
        "picture": message.picture,
    }
    html = render_to_string("mail/message.html", context)
    return Rendered(context["subject"], _text(context), html, context["stop"], message.attachment)


def _text(context: dict[str, Any]) -> str:
    # Rendered without escaping: this is no HTML. Each value is one line, so that no name can look like a paragraph.
    return render_to_string("mail/message.txt", context).strip() + "\n"


def _instant(at: datetime) -> str:
    """Format an instant, which is in UTC: 22 November 2026, 14:05 UTC."""
    return pgettext("date", "{day}, {time}").format(day=long_day_of_year(at), time=f"{at:%H:%M} UTC")


def _why(kind: Kind) -> str:
    if kind.is_asked_for:
        return gettext("You get this message because it was asked for on a page of this installation.")
    if kind is Kind.ALERT:
        return gettext("You can choose which alerts you get, and when, on the page of messages about alerts.")
    if kind is Kind.REPORT:
        return gettext("You get this report because you subscribed to it.")
    if kind.is_optional:
        return gettext("Members can turn such messages off on their account page.")
    return gettext("Messages about the security of your account always come.")


def home() -> str:
    """Return the address of the installation."""
    return settings.PUBLIC_URL or _LOCAL


def absolute(path: str) -> str:
    """Return the address of one of our paths, with or without the path of PUBLIC_URL: threads have no prefix."""
    return home() + (path.removeprefix(settings.PUBLIC_PATH) if settings.PUBLIC_PATH else path)


def address_of(name: str, *arguments: object) -> str:
    """Return the path of a page, for `Message.link`."""
    return reverse(name, args=arguments)


def one_line(text: str, most: int = _LONGEST_NAME) -> str:
    """Return a text that people or programs chose as one line without control characters."""
    return told(text, most)


def shown_name(name: str, otherwise: str) -> str:
    """Return a name that another person chose in quotes, or `otherwise` if it could become a link."""
    return otherwise if not name.strip() or _LIKE_A_LINK.search(name) else f"“{one_line(name)}”"
