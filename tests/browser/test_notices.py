"""Three devices that send what is not understood: the page on which their owner waits says what came, by itself."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, Window
from tests.browser.people import Person, Probe
from tests.browser.test_every_page import DESKTOP, PHONE, fits
from tests.crash.conftest import eventually
from tests.crash.platform import Platform
from tests.ingest.mqtt.conftest import Publisher
from tests.mosquitto import Mosquitto, running
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser

UPLINK = {
    "end_device_ids": {"device_id": "soil-1", "dev_eui": "70B3D57ED0000001"},
    "uplink_message": {"f_port": 2, "frm_payload": "AQID", "rx_metadata": [{"rssi": -70, "snr": 9}]},
}


def notices(page: Page) -> list[str]:
    return page.locator("sf-notices li").all_inner_texts()


def waits(page: Page, probe: Probe) -> None:
    """Open the start page of a sensor, connected and without anything that arrived."""
    page.goto(probe.start_path)
    expect(page.get_by_role("heading", name="Listening for")).to_be_visible()
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")
    expect(page.locator("sf-notices")).to_be_hidden()


def test_an_uplink_without_a_decoded_payload_is_said(ada: Person, window: Window) -> None:
    probe, page = ada.register("Soil"), window(ada)
    waits(page, probe)

    answer = httpx2.post(f"{probe.url}/in/{probe.key}/ttn/up", json=UPLINK, timeout=PATIENCE_S)

    assert answer.status_code == 200
    expect(page.get_by_role("heading", name="Messages arrive, but no reading can be made of them")).to_be_visible()
    expect(page.locator("sf-notices li")).to_have_count(1)
    expect(page.locator("sf-notices li")).to_contain_text("without decoded values")
    expect(page.locator("sf-onboard")).to_have_attribute("data-state", "waiting")
    page.goto(probe.path)
    expect(page.get_by_text("Messages arrive, but no reading can be made of them")).to_be_visible()
    expect(page.locator("sf-notices li")).to_have_count(1)


def test_a_console_whose_clock_is_nine_hours_ahead_is_said(ada: Person, window: Window) -> None:
    probe, page = ada.register("Roof"), window(ada)
    waits(page, probe)

    for _ in range(3):
        upload(probe, ahead=timedelta(hours=9))

    headline = "Readings arrive, but the device's clock is 9 hours ahead"
    expect(page.get_by_role("heading", name=headline)).to_be_visible()
    expect(page.locator("sf-notices li")).to_contain_text("Set the clock of the device, and its time zone.")
    page.goto(probe.path)
    expect(page.get_by_text(headline)).to_be_visible()
    assert not page.get_by_role("main").get_by_text("Waiting for the first reading").count()

    upload(probe)

    expect(page.locator("sf-sky")).to_contain_text("21.4")
    expect(page.locator("sf-notices li")).to_contain_text("9 hours ahead")
    page.get_by_role("button", name="Dismiss all").click()
    expect(page.locator("sf-notices")).to_be_hidden()


def test_what_comes_while_the_report_is_open_appears_on_it(ada: Person, visit: Visit) -> None:
    probe = ada.register("Shed")
    probe.send({"temperature": 21.4})
    page = visit(probe.path, ada)
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")
    expect(page.locator("sf-notices")).to_be_hidden()

    probe.post({"temperature": 21.5, "humidity": 600})

    row = page.locator("sf-notices li")
    expect(row).to_contain_text("humidity")
    expect(row).to_contain_text("Check the unit and the sensor.")
    page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(page.locator("sf-notices")).to_be_hidden()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_text_of_a_device_is_text_and_breaks_no_page(ada: Person, window: Window, viewport: dict[str, int]) -> None:
    probe, page = ada.register("Odd"), window(ada, viewport=viewport)
    hostile = "<img src=x onerror=alert(1)>" + "x" * 150
    waits(page, probe)

    probe.post({"temperature": f"{hostile}", "humidity": "שלום"})
    probe.send({"temperature": 21.4})

    for path in (probe.path, f"{probe.path}names/"):
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        assert fits(page)
    page.goto(probe.path)
    assert any("<img src=x" in text for text in notices(page))
    assert not page.locator("sf-notices img").count()


def upload(probe: Probe, *, ahead: timedelta = timedelta()) -> None:
    at = datetime.now(UTC) + ahead
    fields = {"ID": "KX1", "PASSWORD": probe.key, "dateutc": f"{at:%Y-%m-%d %H:%M:%S}", "tempf": "70.5"}
    address = f"{probe.url}/weatherstation/updateweatherstation.php"
    assert httpx2.get(address, params=fields, timeout=PATIENCE_S).status_code == 200


@pytest.fixture(scope="module")
def broker() -> Iterator[Mosquitto]:
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def meters(broker: Mosquitto) -> Iterator[Platform]:
    """A platform that listens to the broker."""
    directory = Path(tempfile.mkdtemp(prefix="sf-browser-mqtt-"))
    platform = Platform(directory / "data", given={"MQTT_URL": broker.url})
    yield platform
    platform.stop()
    shutil.rmtree(directory, ignore_errors=True)


def test_a_component_of_a_meter_that_is_not_known_is_said(
    meters: Platform, broker: Mosquitto, window: Callable[..., Page]
) -> None:
    grace = Person.sign_up(meters.url, "Grace")
    probe, page, device = grace.register("Meter", external_id="shelly/shellypro-1"), window(grace), Publisher(broker)
    page.goto(f"{meters.url}{probe.start_path}")
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")
    status = {"src": "shellypro-1", "method": "NotifyStatus", "params": {"ts": 0, "oven:0": {"heat": "on"}}}

    device.say(f"sites/{probe.site}/shellypro-1/events/rpc", status)
    device.say(f"sites/{probe.site}/garden/station7/json", {"t": 1})
    device.say(f"sites/{probe.site}/tele/cellar/SENSOR", {"AM2301": {"Temperature": 21.4}})

    expect(page.locator("sf-notices li")).to_contain_text("oven:0")
    assert eventually(lambda: "garden/station7/json" in site_of(page, meters, probe))
    page.get_by_role("link", name="Register it").click()
    page.get_by_label("Name of the sensor").fill("Cellar")
    page.get_by_role("button", name="Register and get its key").click()
    expect(page.get_by_role("heading", name="Listening for Cellar")).to_be_visible()
    assert "tasmota/cellar" not in site_of(page, meters, probe)
    device.close()
    grace.close()


def site_of(page: Page, meters: Platform, probe: Probe) -> str:
    page.goto(f"{meters.url}/sites/{probe.site}/settings/")
    return page.locator("main").inner_text()
