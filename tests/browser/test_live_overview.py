"""The cards of the overview update by themselves."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.people import Person, now_s, weather

pytestmark = pytest.mark.browser


def test_a_battery_is_shown_when_it_is_low_and_hidden_when_it_was_changed(ada: Person, visit: Visit) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s() - 60, hours=1, every_s=60))
    page = visit("/", ada)
    card = page.locator(f'article[data-sensor="{probe.sensor}"]')
    expect(page.locator("sf-live")).to_contain_text("Live")
    expect(card.locator(".low")).to_be_hidden()

    probe.send({"observed_at": now_s(), "values": {"battery": 7}})
    expect(card.locator(".low")).to_have_text("7\u00a0%")

    probe.send({"observed_at": now_s(), "values": {"battery": 96}})
    expect(card.locator(".low")).to_be_hidden()
