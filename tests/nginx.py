"""A real nginx for tests, on free ports of this machine, with its files in a directory of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S

PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

_CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {directory}/pid;
error_log {directory}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    map $http_upgrade $connection_to_platform {{ default upgrade; '' ''; }}
{servers}
}}
"""


@contextmanager
def running(servers: str, *, port: int) -> Iterator[None]:
    """Run nginx with these `server` blocks during the block; `port` is one that they listen on.

    Without an installed nginx the test is skipped, or fails under CI.
    """
    if not PROGRAM:
        if os.environ.get("CI"):
            pytest.fail("There is no nginx: apt install nginx")
        pytest.skip("there is no nginx on this machine")
    directory = Path(tempfile.mkdtemp(prefix="sf-nginx-"))
    # Its workers run under another account if it is started by root.
    directory.chmod(0o755)
    (directory / "nginx.conf").write_text(_CONFIGURATION.format(directory=directory, servers=servers))
    process = subprocess.Popen([PROGRAM, "-p", directory, "-c", directory / "nginx.conf"], stderr=subprocess.PIPE)
    try:
        _wait_until_it_answers(process, port)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)
        shutil.rmtree(directory, ignore_errors=True)


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert process.poll() is None, process.communicate()[1].decode()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "nginx does not answer"
        time.sleep(0.02)
