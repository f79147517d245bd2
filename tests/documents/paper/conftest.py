import pytest

from sensorfusion.documents.paper import printing
from tests.patience import PATIENCE_S


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time."""
    monkeypatch.setattr(printing, "WITHIN_S", float(PATIENCE_S))
