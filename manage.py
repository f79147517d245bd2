#!/usr/bin/env python
"""Django's own entry point, for those who look for it: the same as `sensorfusion`."""

from sensorfusion.__main__ import main

if __name__ == "__main__":
    main()
