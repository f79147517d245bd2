"""`make check-clients`: programs that people run, unchanged, against a whole installation. Slow, and needs packages."""

import sys

from tests.real_clients import mqtt, platforms, weewx
from tests.real_clients.installation import Wrong, installed

CHECKS = (platforms.check, mqtt.check, weewx.check)


def main() -> int:
    failed = 0
    with installed() as installation:
        for check in CHECKS:
            try:
                print("\n".join(check(installation)), flush=True)
            except Wrong as wrong:
                failed += 1
                print(wrong, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
