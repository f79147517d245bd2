"""Writes the generated blocks of the documents: `python -m reference`, or `make reference`."""

import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
    django.setup()
    from reference import blocks  # what it reads needs Django's apps

    for page in blocks.write():
        print(page)


if __name__ == "__main__":
    main()
