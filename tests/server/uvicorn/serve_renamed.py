"""A child process that serves the platform's application, with its settings, on a uvicorn with renamed names.

Takes `module:old=new` for each name and `!module` for each import that fails; prints its port when it answers.
"""

import sys

import django

from sensorfusion.config import env
from tests.server.uvicorn.renamed import prevent_import, rename


def main() -> None:
    for change in sys.argv[1:]:
        if change.startswith("!"):
            prevent_import(change[1:])
        else:
            module, _, names = change.partition(":")
            rename(module, *names.split("="))
    django.setup()
    from sensorfusion.server.uvicorn import run

    listener = run.listen("127.0.0.1", 0)
    settings = run.settings(env.current(), workers=1)
    print(f"http={settings.http} ws={settings.ws}", file=sys.stderr, flush=True)
    port = listener.getsockname()[1]
    status = run.serve(settings, listener, ready=lambda: print(port, flush=True), stopping=lambda: None)
    sys.exit(status)


if __name__ == "__main__":
    main()
