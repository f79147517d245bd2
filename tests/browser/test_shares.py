"""A link that is made, opened by somebody without an account, and revoked while it is open."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.people import Person, now_s
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser
SECRET = "open, sesame seed"


def test_a_link_with_a_password_is_live_until_it_is_revoked(ada: Person, window: Window, witness: Witness) -> None:
    witness.expect("status of 404")
    probe = ada.register("Hidden mast", interval_s=60)
    readings = [
        {"observed_at": now_s() - 60 * each, "values": {"temperature": 12.3, "humidity": 61}} for each in range(9)
    ]
    probe.send(*readings[::-1])
    hers, theirs = window(ada), window()
    hers.goto(f"{probe.path}settings/")
    hers.get_by_role("link", name="Shared links").click()
    made = hers.get_by_role("region", name="Make a link")
    made.get_by_label("Name").fill("Garden air")
    made.get_by_label("Temperature").check()
    hers.get_by_label("Ends").fill("2199-01-01T10:00")
    hers.get_by_label("Password").fill(SECRET)
    hers.get_by_role("button", name="Make the link").click()
    link = hers.locator("code.link").inner_text()

    theirs.goto(link)
    theirs.get_by_label("Password").fill(SECRET)
    theirs.get_by_role("button", name="Open").click()
    expect(theirs.get_by_role("heading", name="Garden air")).to_be_visible()
    value = theirs.locator("[data-q=temperature]")
    expect(value).to_contain_text("12.3")
    assert "Hidden mast" not in theirs.content()
    assert "humidity" not in theirs.content().lower()

    probe.send({"observed_at": now_s(), "values": {"temperature": 12.6, "humidity": 62}})
    expect(value).to_contain_text("12.6")

    ada.exclude(probe, "temperature", start_s=now_s() - 3600, end_s=now_s() + 60)
    expect(value).to_contain_text("–")

    hers.get_by_role("button", name="Revoke “Garden air”").click()
    expect(theirs.get_by_role("heading", name="Nothing is shared here")).to_be_visible()
    assert "61" not in theirs.locator("main").inner_text()
    expect(hers.get_by_text("There are no links.")).to_be_visible()


def test_the_charts_of_a_link_go_on_with_its_readings(ada: Person, window: Window, witness: Witness) -> None:
    witness.expect("closed before the connection is established")  # its time may pass while the clock is moved on
    probe = ada.register("Mast", interval_s=60)
    probe.send(*({"observed_at": now_s() - 60 * back, "values": {"temperature": 12.3}} for back in range(60, 1, -1)))
    page = window()
    page.clock.install()
    page.goto(ada.share(probe, "Garden air", "temperature"))
    value, sentence = page.locator("[data-q=temperature]"), page.locator("sf-chart figcaption").first
    expect(value).to_contain_text("12.3")
    before = sentence.inner_text()

    probe.send({"observed_at": now_s() - 30, "values": {"temperature": 12.5}})
    expect(value).to_contain_text("12.5")
    assert sentence.inner_text() == before
    page.clock.fast_forward(61_000)
    probe.send({"observed_at": now_s(), "values": {"temperature": 12.7}})

    expect(value).to_contain_text("12.7")
    expect(sentence).to_contain_text("12.7")


def test_a_reader_without_an_account_has_the_units_that_were_chosen_in_the_menu(ada: Person, window: Window) -> None:
    probe = ada.register("Mast", interval_s=60)
    probe.send({"observed_at": now_s() - 60, "values": {"wind_speed": 4.0, "temperature": 12.3}})
    page = window()
    page.goto(ada.share(probe, "Quay", "wind_speed", "temperature"))
    wind, warmth = page.locator("[data-q=wind_speed]"), page.locator("[data-q=temperature]")
    expect(wind).to_contain_text("4.0")

    page.get_by_role("button", name="Units and clock").click()
    page.get_by_text("Single units").click()
    page.locator("#unit-wind").select_option("bft")
    page.locator("#unit-temperature").select_option("f")
    page.get_by_role("button", name="Use these").click()
    expect(page.locator("html")).to_have_attribute("data-units", "metric-f-bft")
    expect(wind).to_contain_text(re.compile(r"3\s*Bft"))
    expect(warmth).to_contain_text("54")

    probe.send({"observed_at": now_s(), "values": {"wind_speed": 12.0, "temperature": 14.3}})
    expect(wind).to_contain_text(re.compile(r"6\s*Bft"))
    live = wind.inner_text(), warmth.inner_text()
    page.reload()
    expect(wind).to_contain_text(re.compile(r"6\s*Bft"))
    assert (wind.inner_text(), warmth.inner_text()) == live
