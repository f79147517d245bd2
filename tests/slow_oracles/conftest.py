"""Collects nothing where the libraries are not installed: `make test-oracles` has an environment of their own."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("ioos_qc") and find_spec("metpy") else ["test_*.py"]
