"""What became of each reading of a batch, in the shape that goes back to the sender."""

import msgspec


class Rejected(msgspec.Struct, frozen=True):
    """One reading, or one quantity of it, that was not stored. `index` counts from 0 in the order sent."""

    index: int
    quantity: str | None
    code: str
    detail: str


class Receipt(msgspec.Struct):
    """The answer after COMMIT.

    A reading with some refused quantities counts as accepted, and is named in `rejected` too.
    """

    accepted: int
    duplicates: int
    rejected: list[Rejected]
    seq: int | None  # the sensor's counter after this batch; None when nothing of it could be used, or for a gateway
    # Only for a gateway: the counters of the sensors it sent for, by their public ids.
    sensors: dict[str, int] | msgspec.UnsetType = msgspec.UNSET


encode = msgspec.json.Encoder().encode
