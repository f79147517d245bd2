"""Draws tiles in a terminal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from sensorfusion.command_line.watching.tiles import Tile
from sensorfusion.terminal.sparkline import sparkline
from sensorfusion.web.values.clock import age

WIDTH: Final = 38  # two beside each other in 80 columns
COLOURS: Final = {
    "live": "green",
    "late": "yellow",
    "offline": "red",
    "paused": "bright_black",
    "pending": "bright_black",
}


def board(tiles: Sequence[Tile], *, now: datetime, system: str, away_since: datetime | None) -> RenderableType:
    """Draw all tiles below a line that says how many there are, and whether the server is there."""
    drawn = [_tile(tile, now=now, system=system, is_away=away_since is not None) for tile in tiles]
    head = Text(_head(tiles, away_since), style="bold red" if away_since else "bold")
    return Group(head, Columns(drawn, equal=True, padding=(0, 1)))


def _head(tiles: Sequence[Tile], away_since: datetime | None) -> str:
    if away_since is not None:
        return f"The server cannot be reached since {away_since.astimezone():%H:%M:%S}. Values are as of then."
    count = "1 sensor" if len(tiles) == 1 else f"{len(tiles)} sensors"
    silent = sum(tile.state in ("late", "offline") for tile in tiles)
    if not tiles:
        return "There is no sensor to watch."
    return f"{count}, {silent} not reporting" if silent else f"{count}, all reporting"


def _tile(tile: Tile, *, now: datetime, system: str, is_away: bool) -> Panel:
    number, unit = tile.headline(system)
    dim = "dim" if is_away or tile.state in ("offline", "paused") else ""
    main = Text.assemble((number, f"bold {dim}"), f" {unit}", style=dim, overflow="ellipsis", no_wrap=True)
    lines: list[RenderableType] = [main]
    if tile.hours:
        lines.append(Text.assemble((sparkline(tile.hours), "cyan"), (" 24 h", "dim")))
    if others := tile.others(system):
        lines.append(Text(" · ".join(others), style=dim, overflow="ellipsis", no_wrap=True))
    lines.append(_foot(tile, now))
    title = Text(tile.name, overflow="ellipsis", no_wrap=True)
    return Panel(Group(*lines), title=title, title_align="left", width=WIDTH, border_style="bright_black")


def _foot(tile: Tile, now: datetime) -> Text:
    said = tile.why(now)
    if not said and tile.observed_at:
        said = f"Live, {age((now - tile.observed_at).total_seconds())}"
    return Text.assemble(("● ", COLOURS.get(tile.state, "bright_black")), (said, "" if tile.state == "live" else "dim"))
