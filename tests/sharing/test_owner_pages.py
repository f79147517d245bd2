"""The page on which editors make, copy and revoke links."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from sensorfusion.sharing.models import Share
from sensorfusion.sharing.tokens import token_of
from sensorfusion.web.values.qr import Code
from tests.conftest import Cast
from tests.storing import store
from tests.web.values.qr_reader import read


@pytest.fixture
def address(client: Client, cast: Cast) -> str:
    store(cast.sensor, [(datetime.now(UTC) - timedelta(minutes=1), {"temperature": 12.5, "humidity": 61})])
    client.force_login(cast.editor)
    return f"/sensors/{cast.sensor.uuid}/shares/"


def fields(**more: Any) -> dict[str, Any]:
    return {"name": "Garden air", "quantities": ["humidity"], "history": "7d", "grid": "10", **more}


def test_a_link_is_made_as_the_form_says_and_can_be_copied(client: Client, cast: Cast, address: str) -> None:
    answer = client.post(address, fields(expires="2199-06-01T10:00", password="open, sesame"))

    assert answer.status_code == 302
    share = Share.objects.get()
    assert (share.name, share.quantities, share.history, share.grid) == ("Garden air", ["humidity"], "7d", 10)
    assert (share.made_by, share.sensor, share.password != "") == (cast.editor, cast.sensor, True)
    assert share.expires_at == datetime(2199, 6, 1, 8, tzinfo=UTC)  # the site's clock is that of Warsaw
    link = f"http://testserver/s/{token_of(bytes(share.seed))}/"
    assert link in client.get(address).content.decode()


def test_the_code_beside_a_link_is_that_link(client: Client, cast: Cast, address: str) -> None:
    client.post(address, fields())
    link = f"http://testserver/s/{token_of(bytes(Share.objects.get().seed))}/"

    text = client.get(address).content.decode()

    drawn = re.search(r'viewBox="0 0 (\d+) \1"[^>]*>\s*<path d="([^"]+)"', text)
    assert drawn is not None
    assert read(Code(int(drawn[1]), drawn[2])) == link
    assert "QR code of “Garden air”" in text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantities": []}, "quantities"),
        ({"quantities": ["pressure"]}, "quantities"),
        ({"name": ""}, "name"),
        ({"expires": "2020-01-01T10:00"}, "expires"),
        ({"password": "short"}, "password"),
        ({"grid": "1"}, "grid"),
        ({"history": "5m"}, "history"),
    ],
)
def test_what_is_wrong_is_said_and_makes_no_link(
    client: Client, address: str, wrong: dict[str, Any], field: str
) -> None:
    answer = client.post(address, fields(**wrong))

    assert answer.status_code == 400
    assert f"id_{field}_error" in answer.content.decode()
    assert not Share.objects.exists()


def test_a_revoked_link_is_gone_from_the_list(client: Client, cast: Cast, address: str) -> None:
    client.post(address, fields())
    share = Share.objects.get()

    assert client.post(f"{address}{share.uuid}/end/").status_code == 302

    assert not Share.objects.exists()
    assert client.post(f"{address}{share.uuid}/end/").status_code == 404


def test_a_link_is_not_revoked_by_way_of_another_sensor(client: Client, cast: Cast, address: str) -> None:
    client.post(address, fields())
    client.force_login(cast.outsider)

    path = f"/sensors/{cast.other_sensor.uuid}/shares/{Share.objects.get().uuid}/end/"
    assert client.post(path).status_code == 404
    assert Share.objects.exists()
