"""What is done in the background: the list of chores, and the runner that a process keeps for them."""

from sensorfusion.readings.chores import Chore, Runner


def chores() -> list[Chore]:
    """Make one of each; they are done in this order, a small part at a time."""
    return []


def runner() -> Runner:
    """Make the runner of one process."""
    return Runner(chores())
