"""What the live stream counts about itself, for /metrics."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """Plain numbers, changed on the event loop only; `sockets` goes up and down, the others only grow."""

    sockets: int = 0
    delivered: int = 0  # frames handed to sockets
    frames: int = 0  # frames built
    conflated: int = 0  # readings left out of a slow socket's stream
    gaps: int = 0  # gap messages, each telling what was left out
    too_slow: int = 0  # sockets closed because nothing could be sent for too long
    holes: int = 0  # times the database had to fill in what was announced and never came
    relay_errors: int = 0  # batches that did not reach, or come from, other processes
