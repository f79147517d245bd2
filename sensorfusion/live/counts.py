"""Counters of the live stream, for /metrics."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """Plain numbers, changed on the event loop only; `sockets` goes up and down, the others only grow."""

    sockets: int = 0
    delivered: int = 0  # frames passed to sockets
    frames: int = 0  # frames built
    conflated: int = 0  # readings dropped from a slow socket's stream
    gaps: int = 0  # gap messages, each naming the dropped range
    too_slow: int = 0  # sockets closed because nothing could be sent for too long
    holes: int = 0  # times lost announcements were fetched from the database
    relay_errors: int = 0  # batches that could not be sent to, or received from, other processes
