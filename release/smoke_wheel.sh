#!/usr/bin/env bash
# Tries out a wheel as a stranger would: a fresh environment, an empty directory, `sensorfusion up --demo`, the sign-in page.
# Usage: release/smoke_wheel.sh dist/sensorfusion-….whl; PYTHON chooses the interpreter, WAIT how many seconds a start may take.
set -euo pipefail

wheel=$(realpath "$1")
trial=$(mktemp -d)
server=

finish() {
    if [ -n "$server" ] && kill -TERM "$server" 2> /dev/null; then wait "$server" || true; fi
    rm -rf "$trial"
}
trap finish EXIT

step() { echo "· $1"; }

fail() {
    echo "$1" >&2
    cat "$trial/up.log" >&2
    exit 1
}

step "install into a fresh environment"
"${PYTHON:-python3}" -m venv "$trial/venv"
"$trial/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$wheel"
"$trial/venv/bin/sensorfusion" --version

step "start in an empty directory"
mkdir "$trial/empty"
cd "$trial/empty"
unset SENSORFUSION_DATA DATABASE_URL REDIS_URL SECRET_KEY XDG_DATA_HOME
export HOME="$trial/home"
if [ "$(id -u)" = 0 ]; then export SENSORFUSION_DATA="$trial/data"; fi # root's own default is the machine's
"$trial/venv/bin/sensorfusion" up --demo --port 0 > "$trial/up.log" 2>&1 &
server=$!
for _ in $(seq "${WAIT:-180}"); do
    if grep -q '^Ready: ' "$trial/up.log"; then break; fi
    kill -0 "$server" 2> /dev/null || fail "It ended by itself:"
    sleep 1
done
address=$(sed -n 's/^Ready: //p' "$trial/up.log")
[ -n "$address" ] || fail "It was not ready within ${WAIT:-180} s:"
echo "ready after $SECONDS s at $address"
head -n 1 "$trial/up.log"

step "open the sign-in page and its stylesheets and scripts"
"$trial/venv/bin/python" - "$address" << 'PYTHON'
import re
import sys
from urllib.parse import urljoin
from urllib.request import urlopen

signin = urlopen(sys.argv[1], timeout=30)
page = signin.read().decode()
assert 'type="password"' in page, f"{signin.url} is no sign-in page"
assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
assert len(assets) > 2, f"{signin.url} names {assets}"
for asset in sorted(assets):
    assert urlopen(urljoin(signin.url, asset), timeout=30).status == 200, asset
print(f"{signin.url} and {len(assets)} files")
PYTHON

step "stop"
kill -TERM "$server"
wait "$server" || fail "It did not stop cleanly:"
server=
[ "$(tail -n 1 "$trial/up.log")" = "Stopped." ] || fail "It did not say that it stopped:"
[ -z "$(ls -A .)" ] || fail "It left files in the working directory: $(ls -A .)"
