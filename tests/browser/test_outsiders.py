"""Operators see only what they may see, and lose sight of it at once with the right."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, Window
from tests.browser.people import PASSWORD, Person, now_s
from tests.browser.report import Report
from tests.browser.witness import Traffic, Witness

pytestmark = pytest.mark.browser


def test_an_outsider_sees_nothing_of_a_sensor(
    ada: Person, sign_up: Callable[[str], Person], visit: Visit, witness: Witness
) -> None:
    witness.expect("status of 404")
    probe = ada.register("Secret orchard")
    probe.send({"observed_at": now_s(), "values": {"temperature": 12.3}})
    mallory = sign_up("Mallory")
    mallory.register("Harbour").send({"observed_at": now_s(), "values": {"temperature": 4}})

    page = visit(probe.path, mallory)
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    assert "Secret orchard" not in page.content()

    for path in ("/", "/sensors/"):
        page.goto(path)
        assert "Harbour" in page.content()
        assert "Secret orchard" not in page.content()
    page.goto("/")
    page.get_by_role("button", name="Sensors").first.click()
    expect(page.locator("#switcher-rows li")).to_have_count(1)
    expect(page.locator("#switcher-rows")).to_contain_text("Harbour")


def test_who_is_signed_out_signs_in_and_comes_back(ada: Person, visit: Visit) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send({"observed_at": now_s(), "values": {"temperature": 12.3}})

    page = visit(f"{probe.path}?r=6h")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Orchard" not in page.content()
    page.get_by_label("E-mail").fill(ada.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    Report(page).until_live()
    assert page.url.endswith(f"{probe.path}?r=6h")


def test_a_member_who_is_put_out_sees_nothing_more(
    ada: Person, sign_up: Callable[[str], Person], window: Window, witness: Witness
) -> None:
    witness.expect("status of 404")
    probe = ada.register("Orchard station", interval_s=60)
    probe.send({"observed_at": now_s() - 5, "values": {"temperature": 12.3}})
    bob = sign_up("Bob")
    ada.invite(bob, to=probe.site)
    hers, his = window(ada), window(bob)
    traffic = Traffic(his)
    for page in (hers, his):
        page.goto(probe.path)
        Report(page).until_live()

    ada.put_out(bob, of=probe.site)
    expect(Report(his).banner).to_have_text("You may not see this sensor any more.", use_inner_text=True)
    probe.send({"observed_at": now_s(), "values": {"temperature": 13.4}})

    expect(Report(hers).hero).to_contain_text("13.4")
    expect(Report(his).hero).to_contain_text("12.3")
    assert traffic.of_type("readings") == []
    his.reload()
    expect(his.get_by_role("heading", name="There is nothing at this address")).to_be_visible()


def test_signing_out_ends_the_pages_of_the_same_browser(ada: Person, window: Window) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send({"observed_at": now_s() - 5, "values": {"temperature": 12.3}})
    page = window(ada)
    page.goto(probe.path)
    Report(page).until_live()
    other = page.context.new_page()
    other.goto("/account/")

    other.get_by_role("main").get_by_role("button", name="Sign out", exact=True).click()

    expect(Report(page).banner).to_contain_text("You are signed out")
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
