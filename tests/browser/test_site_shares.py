"""A site that is shared by the form, opened by somebody without an account, and made private while it is open."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.people import Person, now_s
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser


def test_a_page_of_a_site_is_live_until_the_site_is_private(ada: Person, window: Window, witness: Witness) -> None:
    witness.expect("status of 404")
    probe, other = ada.register("Hidden mast", interval_s=60), ada.register("Hidden cellar", interval_s=60)
    for each in (probe, other):
        readings = [
            {"observed_at": now_s() - 60 * minute, "values": {"temperature": 12.3, "humidity": 61}}
            for minute in range(9)
        ]
        each.send(*readings[::-1])
    hers, theirs = window(ada), window()
    hers.goto(f"/sites/{probe.site}/sharing/")
    hers.get_by_label("Name", exact=True).fill("North Road")
    for box in hers.get_by_role("checkbox").all():
        box.uncheck()
    mast = hers.get_by_role("group", name="Hidden mast")
    mast.get_by_label("Name on the page").fill("Garden")
    mast.get_by_label("Temperature").check()
    hers.get_by_role("button", name="Share the site").click()
    expect(hers.get_by_text("Anybody who has the link sees 1 quantity of 1 sensor")).to_be_visible()

    theirs.goto(hers.locator("code.link").inner_text())
    expect(theirs.get_by_role("heading", name="North Road")).to_be_visible()
    value = theirs.locator("[data-part] [data-fact=main]")
    expect(value).to_have_count(1)
    expect(value).to_contain_text("12.3")
    assert "Hidden" not in theirs.content()
    assert "humidity" not in theirs.content().lower()

    other.send({"observed_at": now_s(), "values": {"temperature": 12.4, "humidity": 61}})
    probe.send({"observed_at": now_s(), "values": {"temperature": 12.6, "humidity": 62}})
    expect(value).to_contain_text("12.6")

    theirs.get_by_role("link", name="Garden").click()
    expect(theirs.locator("[data-q=temperature]")).to_contain_text("12.6")
    theirs.get_by_role("link", name="North Road").click()
    expect(value).to_contain_text("12.6")

    hers.get_by_role("button", name="Make the site private").click()
    expect(theirs.get_by_role("heading", name="Nothing is shared here")).to_be_visible()
    expect(hers.get_by_text("The site is private")).to_be_visible()
