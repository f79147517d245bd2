"""The table of docs/settings.md, from the settings that config/env.py declares."""

from dataclasses import Field, fields
from typing import Any

from reference.markdown import table as markdown_table
from sensorfusion.config.env import Environment


def table() -> str:
    return markdown_table(("variable", "default", "meaning"), map(_row, fields(Environment)))


def _row(setting: Field[Any]) -> tuple[str, str, str]:
    said = setting.metadata["default"] or _default(setting.default)
    return f"`{setting.metadata['variable']}`", said, setting.metadata["explanation"]


def _default(value: object) -> str:
    """Write a default as the variable would be set to it; nothing where it is empty."""
    match value:
        case bool():
            text = str(int(value))
        case tuple():
            text = ",".join(value)
        case _:
            text = str(value)
    return f"`{text}`" if text else ""
