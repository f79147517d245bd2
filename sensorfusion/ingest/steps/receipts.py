"""The receipt of a batch: the outcome of each reading, in the form in which it is sent back."""

import msgspec


class Rejected(msgspec.Struct, frozen=True):
    """One reading, or one quantity of it, that was not stored. `index` counts from 0 in the order sent."""

    index: int
    quantity: str | None
    code: str
    detail: str


class Hint(msgspec.Struct):
    """Something about a quantity that was stored, and that its sender may want to change."""

    quantity: str
    code: str
    detail: str


class Receipt(msgspec.Struct):
    """The answer to a batch, sent after COMMIT.

    A reading of which some quantities were rejected counts as accepted and is also listed in `rejected`.
    """

    accepted: int
    duplicates: int
    rejected: list[Rejected]
    seq: int | None  # the sensor's seq after this batch; None if no reading was usable, or for a gateway
    # Only for a gateway: the seq of each sensor in the request, by the sensor's public id.
    sensors: dict[str, int] | msgspec.UnsetType = msgspec.UNSET
    # Of names that are nearly those of known quantities; left out if there are none.
    hints: list[Hint] | msgspec.UnsetType = msgspec.UNSET


encode = msgspec.json.Encoder().encode
