"""The result of one check of `doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; `remedy` is empty if it passed."""

    what: str
    remedy: str = ""

    @property
    def is_good(self) -> bool:
        return not self.remedy

    def __str__(self) -> str:
        return f"✓ {self.what}" if self.is_good else f"✗ {self.what}\n  → {self.remedy}"
