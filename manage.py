#!/usr/bin/env python
"""Django's own entry point, for those who look for it; `sensorfusion` is the same with an embedded database."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
    execute_from_command_line(sys.argv)
