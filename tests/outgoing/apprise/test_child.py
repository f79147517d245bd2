"""Which plug-ins are allowed, and what is shown of an address."""

import warnings
from typing import Any

import pytest
from apprise import Apprise
from apprise.manager_plugins import NotificationManager

from sensorfusion.outgoing.apprise import child

# Plug-ins that speak to this computer, to a device at it, or by protocols of their own.
NEITHER = {
    *(
        "amqp",
        "amqps",
        "aprs",
        "blink1",
        "dbus",
        "gio",
        "glib",
        "gnome",
        "growl",
        "irc",
        "ircs",
        "kde",
        "macosx",
        "mqtt",
    ),
    *("mqtts", "qt", "rsyslog", "smpp", "smpps", "syslog", "windows", "xmpp", "xmpps"),
}
DISCORD = "https://discord.com/api/webhooks/123456789/" + "s3cret" * 12


def plugins() -> dict[str, type]:
    found = NotificationManager()
    with warnings.catch_warnings(action="ignore"):  # of what plug-ins import
        found.load_modules()
    return {schema: found[schema] for schema in found.schemas()}


def test_plug_ins_that_send_neither_http_nor_mail_are_left_out() -> None:
    allowed = {schema: child.sends_requests(plugin) for schema, plugin in plugins().items()}

    assert {schema for schema, is_allowed in allowed.items() if not is_allowed} == NEITHER
    assert {"discord", "tgram", "slack", "mailto", "json", "guilded", "deltachat"} <= allowed.keys() - NEITHER


def test_plug_in_from_outside_apprise_is_left_out() -> None:
    own = type("Own", (plugins()["json"],), {"category": "custom"})

    assert not child.sends_requests(own)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("json://ada:s3cret@example.org:8080/s3cret?token=s3cret", "json://example.org/…"),
        ("mailto://ada:s3cret@example.org", "mailto://example.org/…"),
        (DISCORD, "discord://…"),
        ("tgram://123456789:s3crets3crets3crets3crets3crets3cre/12345", "tgram://…"),
        ("ntfy://s3cret", "ntfy://…"),  # the place of the host may hold the topic
    ],
)
def test_host_is_shown_only_where_it_is_one_in_every_form_of_the_address(url: str, expected: str) -> None:
    plugins()
    plugin = Apprise.instantiate(url)

    assert plugin is not None
    assert child.shown(plugin) == expected


def test_no_part_of_an_address_is_in_an_error_but_what_is_shown_of_it() -> None:
    url = "json://ada:pass%2Fw0rd@example.org/a-token/?key=v4lue"
    line = f"Failed at example.org: {url}, user ada, pass/w0rd, A-Token and v4lue, error=401."

    said = child.without_secrets(line, url, "json://example.org/…")

    assert said == "Failed at example.org: … user …, …/…, … and …, error=401."


class Quiet:
    """An answer of a plug-in that fails without a word."""

    lines: list[str] = []


def test_plug_in_that_does_not_say_why_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    plugins()
    monkeypatch.setattr(child, "_sent", lambda plugin, asked: False)
    guard: Any = type("Open", (), {"refused": []})()
    asked = {"url": "json://example.org", "title": "t", "body": "b", "notify_type": "info"}

    found = child.answer(asked, guard, Quiet())  # type: ignore[arg-type]

    assert found == {"shown": "json://example.org/…", "why": "apprise does not say why"}
