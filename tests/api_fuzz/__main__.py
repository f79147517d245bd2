"""Sends a server what the description of its API allows, and what it forbids, and compares the answers with it.

`make fuzz-api` takes a new seed each time, `make fuzz-api SEED=1` the one that .ci/run takes. It fails on any 5xx, on
statuses, content types and bodies that docs/openapi.yaml does not name, and on valid requests that are refused.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.real_clients.installation import EMAIL, PASSWORD, ROOT, Installation

DESCRIPTION: Final = ROOT / "docs" / "openapi.yaml"
# They end the token that all other requests are made with, so they come last.
ENDING: Final = ("auth_logout", "auth_password", "auth_me_delete")
_ENVIRONMENT: Final = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.api_fuzz.unsaid", "PYTHONPATH": str(ROOT)}
# Wrong keys are counted: those of a fuzzer would have its network turned away everywhere after 60 of them.
# tests/server/description sends every door's clients' requests and compares the answers with the description instead.
# An answer of the stream does not end; tests/live/test_event_stream.py has its errors.
NOT_FUZZED: Final = ("doors", "stream")
PHASES: Final = "examples,coverage,fuzzing"


def main() -> int:
    options = _options()
    seed = options.seed or random.SystemRandom().randrange(1, 2**31)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="sf-fuzz-") as directory:
        os.environ["OPERATOR_REQUESTS_PER_MINUTE"] = "0"  # a fuzzer makes more
        installation = Installation(Path(directory))
        with installation.running():
            installation.operator()
            installation.station("Orchard")
            others = [word for name in ENDING for word in ("--exclude-operation-id", name)]
            ending = [word for name in ENDING for word in ("--include-operation-id", name)]
            command = [options.program, "run", DESCRIPTION, f"--url={installation.url}", f"--seed={seed}"]
            command += [f"--max-examples={options.examples}", f"--phases={PHASES}", "--no-color", "--workers=1"]
            command += [f"--exclude-tag={tag}" for tag in NOT_FUZZED]
            command += ["--generation-database=none", "--continue-on-failure", "--suppress-health-check=all"]
            # `unsaid` has these.
            command += ["--exclude-checks=positive_data_acceptance,negative_data_rejection,response_schema_conformance"]
            status = 0
            # Both tokens are made first: the first part tries so many passwords that signing in is refused for a while.
            tokens = [_token(installation) for _ in range(2)]
            for token, part in zip(tokens, (others, ending), strict=True):
                shown = ["-H", f"Authorization: Bearer {token}"]
                status |= subprocess.run([*command, *shown, *part], cwd=directory, env=_ENVIRONMENT).returncode
            return status


def _token(installation: Installation) -> str:
    answer = installation._ask("/api/v1/auth/login/", {"email": EMAIL, "password": PASSWORD})
    return str(answer["token"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="the program schemathesis, of an environment of its own")
    parser.add_argument("--seed", type=int, default=0, help="0 takes a new one")
    parser.add_argument("--examples", type=int, default=10, help="requests for each operation and phase")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
