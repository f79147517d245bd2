"""How long a test waits for an expected event: one limit for all, so that a hang ends.

It measures nothing, and waiting costs nothing when all is well. Limits of 5 to 60 s, each generous for an idle machine,
were reached on two cores with a load of 24.
"""

from typing import Final

PATIENCE_S: Final = 300
PATIENCE_MS: Final = PATIENCE_S * 1000
