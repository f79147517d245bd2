"""The address of the running server is in the data directory while it runs."""

from pathlib import Path

from sensorfusion.server import own_address


def test_address_is_there_while_the_server_runs(tmp_path: Path) -> None:
    with own_address.published(tmp_path, "http://127.0.0.1:8000/"):
        running = own_address.read(tmp_path)

    assert running == "http://127.0.0.1:8000/"
    assert own_address.read(tmp_path) == ""
