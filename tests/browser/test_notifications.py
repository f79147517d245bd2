"""A browser is notified, as far as it goes without a push service: its subscription is made up, the rest is real."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Worker, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, now_s
from tests.browser.test_every_page import PHONE, fits
from tests.crash.conftest import eventually
from tests.outgoing.push_browser import PushBrowser

pytestmark = pytest.mark.browser

# What a push service would answer; Chromium has none here.
SUBSCRIBED = """
  let made = JSON.parse(sessionStorage.getItem("made") ?? "null");
  const subscription = () => made && {
    ...made,
    options: { applicationServerKey: Uint8Array.from(atob(made.key), (sign) => sign.charCodeAt(0)).buffer },
    toJSON: () => made,
    unsubscribe: async () => sessionStorage.removeItem("made"),
  };
  PushManager.prototype.getSubscription = async () => subscription();
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const key = applicationServerKey.replace(/-/g, "+").replace(/_/g, "/");
    made = { endpoint: "https://push.example.org/v2/ENDPOINT", keys: KEYS, key };
    sessionStorage.setItem("made", JSON.stringify(made));
    return subscription();
  };
"""


def subscribes(page: Page, browser: PushBrowser) -> None:
    keys = json.dumps({"p256dh": browser.p256dh, "auth": browser.auth_text})
    text = SUBSCRIBED.replace("KEYS", keys).replace("ENDPOINT", browser.auth_text)
    page.context.grant_permissions(["notifications"])
    page.add_init_script(f"(() => {{ {text} }})()")


def state(page: Page, name: str) -> Any:
    return page.locator(f"form[data-push] [data-state={name}]")


@pytest.mark.parametrize("size", [None, PHONE])
def test_browser_is_notified_and_removed_on_the_page(ada: Person, window: Window, size: dict[str, int] | None) -> None:
    page = window(ada, viewport=size) if size else window(ada)
    subscribes(page, PushBrowser())
    page.goto("/alerts/messages/")
    expect(state(page, "off")).to_be_visible()

    page.get_by_label("Of", exact=True).select_option("critical")
    page.get_by_role("button", name="Notify this browser").click()

    row = page.locator("[data-browser]")
    expect(row).to_contain_text("Chrome on Linux")
    expect(row.get_by_text("This browser", exact=True)).to_be_visible()
    expect(row).to_contain_text("from critical on")
    expect(state(page, "on")).to_be_visible()
    expect(state(page, "off")).to_be_hidden()
    assert fits(page)

    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The channel is removed.")).to_be_visible()
    expect(state(page, "off")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('made')") is None


def test_another_browser_is_listed_and_not_taken_for_this_one(ada: Person, window: Window) -> None:
    first, second = window(ada), window(ada)
    for page in (first, second):
        subscribes(page, PushBrowser())
    first.goto("/alerts/messages/")
    first.get_by_role("button", name="Notify this browser").click()
    expect(state(first, "on")).to_be_visible()

    second.goto("/alerts/messages/")

    expect(state(second, "off")).to_be_visible()
    expect(second.locator("[data-browser]")).to_contain_text("Chrome on Linux")
    expect(second.get_by_text("This browser", exact=True)).to_be_hidden()


def test_browser_without_a_push_service_says_why(ada: Person, window: Window) -> None:
    page = window(ada)
    page.add_init_script("PushManager.prototype.subscribe = async () => { throw new Error('no push service'); }")
    page.goto("/alerts/messages/")
    page.get_by_role("button", name="Notify this browser").click()

    expect(page.get_by_text("This browser could not be subscribed: no push service")).to_be_visible()
    expect(state(page, "off")).to_be_visible()


def test_browser_that_blocks_notifications_or_knows_none_is_told(ada: Person, window: Window) -> None:
    page = window(ada)
    page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    page.goto("/alerts/messages/")
    expect(state(page, "blocked")).to_be_visible()

    page.add_init_script("delete globalThis.PushManager")
    page.reload()
    expect(state(page, "unsupported")).to_be_visible()


class Pushed:
    """The service worker of a page, to which messages are delivered as a push service would."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self._url = page, url
        self._registrations: list[str] = []
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self._devtools.send("ServiceWorker.enable")
        assert eventually(self._is_there)

    def _registered(self, event: dict[str, Any]) -> None:
        self._registrations += [each["registrationId"] for each in event["registrations"] if not each["isDeleted"]]

    def _is_there(self) -> bool:
        self.page.evaluate("0")  # events come with answers
        return bool(self.page.context.service_workers and self._registrations)

    @property
    def worker(self) -> Worker:
        return self.page.context.service_workers[0]

    def deliver(self, data: str) -> None:
        given = {"origin": self._url, "registrationId": self._registrations[-1], "data": data}
        self._devtools.send("ServiceWorker.deliverPushMessage", given)

    def shown(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.worker.evaluate(
            "registration.getNotifications().then((all) => all.map(({ title, body, tag, data, requireInteraction }) =>"
            " ({ title, body, tag, data, requireInteraction })))"
        )
        return found


@pytest.fixture
def pushed(ada: Person, window: Window) -> Pushed:
    probe = ada.register("Freezer", interval_s=60)  # an overview without sensors registers no worker
    probe.send({"observed_at": now_s() - 60, "values": {"temperature": -18.4}})
    page = window(ada)
    page.context.grant_permissions(["notifications"])
    page.goto("/")
    assert page.evaluate("navigator.serviceWorker.ready.then(({ scope }) => scope)") == page.url
    return Pushed(page, page.url.rstrip("/"))


def message(**changed: str) -> str:
    given = {"title": "Warning: Freezer", "text": "Freezer: -12 °C.", "key": "a", "severity": "warning"}
    return json.dumps({**given, "link": "https://elsewhere.example.org/alerts/?x=1", **changed})


def test_worker_shows_what_was_pushed_and_a_repeated_message_once(pushed: Pushed) -> None:
    pushed.deliver(message())
    pushed.deliver(message())
    pushed.deliver(message(key="b", severity="critical"))

    assert eventually(lambda: {each["tag"] for each in pushed.shown()} == {"a", "b"})
    first, second = sorted(pushed.shown(), key=lambda each: str(each["tag"]))
    assert (first["title"], first["body"]) == ("Warning: Freezer", "Freezer: -12 °C.")
    assert first["data"] == f"{pushed.page.url}alerts/?x=1"  # a page of ours, by this browser's address
    assert (first["requireInteraction"], second["requireInteraction"]) == (False, True)


def test_message_that_cannot_be_read_is_shown_as_such(pushed: Pushed) -> None:
    pushed.deliver("no JSON")

    assert eventually(lambda: [each["title"] for each in pushed.shown()] == ["Alerts changed"])
    assert pushed.shown()[0]["data"] == f"{pushed.page.url}alerts/"


def test_notification_that_is_clicked_opens_its_page(pushed: Pushed) -> None:
    pushed.deliver(message())
    assert eventually(lambda: len(pushed.shown()) == 1)
    # Chromium opens windows only for a real click, so the worker's own call is witnessed.
    pushed.worker.evaluate(
        "() => { self.opened = []; clients.openWindow = async (address) => void self.opened.push(address); }"
    )
    pushed.worker.evaluate(
        "registration.getNotifications().then(([notification]) =>"
        " void dispatchEvent(new NotificationEvent('notificationclick', { notification })))"
    )

    assert eventually(lambda: pushed.worker.evaluate("self.opened") == [f"{pushed.page.url}alerts/?x=1"])
    assert eventually(lambda: pushed.shown() == [])
