"""Examples of sentences about spans of states, which the page's script must write like the server."""

from random import Random
from typing import Any, Final

from sensorfusion.domain.quantities.spans import Span, Spans, lasting
from sensorfusion.domain.quantities.spans import states as by_length
from sensorfusion.reports.kinds import span_words
from sensorfusion.reports.kinds.span_words import Vocabulary

DAY_START: Final = 86_400.0
DOOR: Final = Vocabulary({"false": "closed", "true": "open"}, only="true")
BAND: Final = Vocabulary(
    {"within": "in the band", "above": "above", "below": "below"}, counted=("above", "below"), share="within"
)
AIR: Final = Vocabulary({"below": "good", "within": "stuffy", "above": "poor"})
TEXT: Final = Vocabulary({})
ORDERS: Final = {"band": ["within", "above", "below"], "air": ["below", "within", "above"]}
STATES: Final = {
    "door": ("true", "false"),
    "band": ("within", "within", "above", "below"),
    "air": ("below", "within"),
    "text": ("idle", "heat", "defrost", "off", "test", "cool"),
}
VOCABULARIES: Final = {"door": DOOR, "band": BAND, "air": AIR, "text": TEXT}


def told() -> list[dict[str, Any]]:
    """Return spans, as the script has them, and what is said of them."""
    chance = Random(7)
    return [_one(chance, name) for _ in range(12) for name in VOCABULARIES]


def _one(chance: Random, name: str) -> dict[str, Any]:
    spans, at = [], DAY_START - chance.uniform(0, 5000)
    for _ in range(chance.randrange(1, 25)):
        until = at + chance.choice([7.5, 60, 119.6, 1800, chance.uniform(1, 9000)])
        spans.append(Span(chance.choice(STATES[name]), at, until))
        at = until + chance.choice([0, 0, 0, 2000])
    now = at + chance.choice([30, 300, 4000])
    found = Spans(spans, 0, now, 600)
    so_far, vocabulary = lasting(found, now), VOCABULARIES[name]
    day = so_far.between(DAY_START, now)
    order = ORDERS.get(name)
    states = (order or by_length(day.spans))[: span_words.MOST_NAMED]
    return {
        "spans": [[each.state, each.start, each.end] for each in spans],
        "longest": 600,
        "start": DAY_START,
        "now": now,
        "told": {
            "words": dict(vocabulary.words),
            "only": vocabulary.only,
            "counted": list(vocabulary.counted),
            "share": vocabulary.share,
            **({"order": order} if order else {}),
        },
        "isCurrent": so_far is not found,
        "sentence": span_words.today(day, states, vocabulary, now - DAY_START),
        "headline": span_words.headline(
            vocabulary.word(spans[-1].state), "14:02", "15:00", is_current=so_far is not found, is_exact=name != "air"
        ),
        "isExact": name != "air",
    }
