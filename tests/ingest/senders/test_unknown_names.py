"""Unknown names sent by gateways are shown to their own operators only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.ingest.senders.unknown_names import MOST_OF_ONE
from sensorfusion.ingest.steps.batch import Gateway
from sensorfusion.sensors.models import UnknownName
from sensorfusion.sensors.naming.unknown_names import unknown_names_of
from sensorfusion.sensors.services import update_sensor
from tests.conftest import Cast
from tests.ingest.conftest import Server, elsewhere, read, until


@pytest.mark.django_db(transaction=True)
class TestNoting:
    async def test_an_unknown_name_is_written_down_once(self, server: Server, cast: Cast, token: str) -> None:
        batch = [{"sensor": name, "values": {"temperature": 1}} for name in ("eui-1", "eui-1", "Orchard station", "\0")]

        for _ in range(3):
            await server.post([*batch, {"temperature": 1}], key=token)

        await until(lambda: read("SELECT name FROM sensors_unknownname") == ["eui-1"])
        assert read("SELECT operator_id FROM sensors_unknownname") == [cast.owner.pk]

    async def test_a_flood_of_names_stays_bounded(self, server: Server, cast: Cast) -> None:
        names, gateway = server.ingest._unknown_names, Gateway(cast.owner.pk)
        for part in range(3):
            names.note(gateway, [f"{part}-{number}" for number in range(MOST_OF_ONE)])

        await names.stop()

        assert len(read("SELECT 1 FROM sensors_unknownname")) == MOST_OF_ONE

    async def test_what_a_viewer_names_is_no_stray(self, server: Server, members_token: str) -> None:
        await server.post([{"sensor": "Orchard station", "values": {"t": 1}}], key=members_token)
        await server.ingest._unknown_names.stop()

        assert read("SELECT 1 FROM sensors_unknownname") == []

    async def test_old_ones_are_forgotten(self, server: Server, cast: Cast, token: str) -> None:
        def old() -> None:
            UnknownName.objects.create(operator=cast.owner, name="old", last_at=timezone.now() - timedelta(days=31))

        await elsewhere(old)
        await server.post([{"sensor": "new", "values": {"t": 1}}], key=token)

        await until(lambda: read("SELECT name FROM sensors_unknownname") == ["new"])


class TestThePage:
    @pytest.fixture(autouse=True)
    def unknown_name(self, cast: Cast) -> None:
        UnknownName.objects.create(operator=cast.owner, name="eui <1> & 2")

    def test_the_operator_sees_it_and_registers_it_by_its_name(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.owner)

        shown = client.get("/sensors/").content.decode()

        assert "eui &lt;1&gt; &amp; 2" in shown
        assert "/sensors/new/?name=eui%20%3C1%3E%20%26%202" in shown

    def test_nobody_else_does(self, client: Client, cast: Cast) -> None:
        for operator in (cast.editor, cast.member, cast.outsider):
            client.force_login(operator)
            assert "eui &lt;1" not in client.get("/sensors/").content.decode()
            client.post("/sensors/unknown-names/")
        assert UnknownName.objects.exists()

    def test_it_is_gone_when_a_sensor_has_the_name(self, cast: Cast) -> None:
        update_sensor(by=cast.owner, sensor=cast.sensor, external_id="EUI <1> & 2")
        assert not unknown_names_of(cast.owner)

        update_sensor(by=cast.owner, sensor=cast.sensor, external_id="", name="eui <1> & 2")
        assert not unknown_names_of(cast.owner)

    def test_it_is_forgotten_when_told_so(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.owner)

        assert client.post("/sensors/unknown-names/").status_code == 302
        assert not UnknownName.objects.exists()
