#!/bin/sh
# Start Mosquitto as soon as its password file exists, and reload that file whenever it changes.
set -eu
configuration=${1:-/mosquitto/config/mosquitto.conf}
accounts=${2:-/data/mosquitto/passwords}

until [ -s "$accounts" ]; do sleep 1; done
mosquitto -c "$configuration" &
broker=$!
trap 'kill "$broker"' TERM INT

known=$(stat -c '%i %Y' "$accounts")
while kill -0 "$broker" 2> /dev/null; do
    sleep 1 &
    wait $! || true
    found=$(stat -c '%i %Y' "$accounts" 2> /dev/null || echo "$known")
    if [ "$found" != "$known" ]; then
        known=$found
        kill -HUP "$broker"
    fi
done
wait "$broker"
