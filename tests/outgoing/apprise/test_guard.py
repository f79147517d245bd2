"""What the process of apprise may do: each act is tried in a process under the guard, by Python itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.apprise.guard import PRIVATE, Guard, Refused
from tests.patience import PATIENCE_S

GUARDED = """
import os, socket, subprocess, shutil, sys, tempfile, syslog, ctypes
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.apprise.guard import Guard, Refused
kept, act = sys.argv[1:]
guard = Guard(allowed_networks([]))
sys.addaudithook(guard)
try:
    eval(act)
except PermissionError as refused:
    sys.stdout.write(str(refused) if isinstance(refused, Refused) else "by the system")
"""
ACTS = {
    "open(kept)": "it tried to read a file of this server",
    "open(kept.encode())": "it tried to read a file of this server",
    "os.open(kept, os.O_RDONLY)": "it tried to read a file of this server",
    "open(os.__file__ + '/../../../../../../../../..' + kept)": "it tried to read a file of this server",
    "open(kept + '.new', 'w')": "it tried to write a file on this server",
    "open(os.__file__, 'a')": "it tried to write a file on this server",
    "os.open(os.__file__, os.O_RDWR)": "it tried to write a file on this server",
    "tempfile.NamedTemporaryFile(dir=os.path.dirname(kept))": "it tried to write a file on this server",
    "os.remove(kept)": "it tried what no channel may do (os.remove)",
    "os.rename(kept, kept + '.old')": "it tried what no channel may do (os.rename)",
    "os.mkdir(kept + '.d')": "it tried what no channel may do (os.mkdir)",
    "os.symlink(kept, kept + '.l')": "it tried what no channel may do (os.symlink)",
    "os.chmod(kept, 0o777)": "it tried what no channel may do (os.chmod)",
    "shutil.rmtree(os.path.dirname(kept))": "it tried what no channel may do (shutil.rmtree)",
    "os.listdir(os.path.dirname(kept))": "it tried to list a folder of this server",
    "os.scandir('/')": "it tried to list a folder of this server",
    "subprocess.run(['true'])": "it tried what no channel may do (subprocess.Popen)",
    "os.system('true')": "it tried what no channel may do (os.system)",
    "os.fork()": "it tried what no channel may do (os.fork)",
    "os.execv('/bin/true', ['true'])": "it tried what no channel may do (os.exec)",
    "os.kill(os.getppid(), 0)": "it tried what no channel may do (os.kill)",
    "ctypes.CDLL(None)": "it tried what no channel may do (ctypes.dlopen)",
    "syslog.syslog('x')": "it tried what no channel may do (syslog.syslog)",
    "socket.socket().bind(('127.0.0.1', 0))": "it tried what no channel may do (socket.bind)",
    "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))": (
        "it tried what no channel may do (socket.sendto)"
    ),
    "socket.socket(socket.AF_UNIX).connect(kept)": PRIVATE,
    "socket.create_connection(('localhost', 9))": PRIVATE,
    "socket.socket().connect(('localhost', 9))": PRIVATE,
    "socket.socket().connect_ex(('169.254.169.254', 80))": PRIVATE,
}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A file of the server, such as its secret key."""
    path = tmp_path / "secret.key"
    path.write_text("k")
    return path


@pytest.mark.parametrize(("act", "why"), ACTS.items())
def test_act_is_refused_before_it_is_done(kept: Path, act: str, why: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GUARDED, str(kept), act],
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert done.stdout.decode() == why, done.stderr.decode()
    assert os.listdir(kept.parent) == [kept.name]
    assert kept.read_text() == "k"


@pytest.mark.parametrize(
    ("address", "allowed", "may"),
    [
        (("1.1.1.1", 443), [], True),
        (("2606:4700::1111", 443, 0, 0), [], True),
        (("10.0.0.7", 443), [], False),
        (("10.0.0.7", 443), ["10.0.0.0/8"], True),
        (("::1", 443, 0, 0), ["10.0.0.0/8"], False),
        (("::ffff:10.0.0.7", 443, 0, 0), [], False),
        (("fe80::1%eth0", 443, 0, 2), [], False),
        (("example.org", 443), [], False),  # it would be resolved after it was looked at
        ("/run/docker.sock", [], False),
    ],
)
def test_connections_are_made_to_public_and_to_allowed_addresses(
    address: object, allowed: list[str], may: bool
) -> None:
    guard = Guard(allowed_networks(allowed))
    if may:
        guard("socket.connect", (None, address))
    else:
        with pytest.raises(Refused):
            guard("socket.connect", (None, address))

    assert guard.refused == ([] if may else [PRIVATE])
