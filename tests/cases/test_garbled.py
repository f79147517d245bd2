"""One bad value never costs its neighbours, at any door: the others of a reading are stored, however it is spoilt.

A valid reading of every door has one value replaced by what devices print for a broken one, or has its whole body
spoilt in a way that leaves its meaning; the values that were not touched must be stored, and nothing else.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.clock import utc_now
from tests.cases.bench import Bench, bench, rows, sender
from tests.cases.doors import EXAMPLES, QUANTITIES, Ask, Example, Form, Raw, Reading
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = {"temperature": 20.0, "humidity": 50.0, "pressure": 1010.0}
WORDS = (
    *(b"nan", b"NaN", b"NAN", b"-nan", b"Infinity", b"-Infinity", b"inf", b"-inf", b"ovf", b"nan(ind)", b"1.#QNAN"),
    *(b"null", b"None", b"", b"--", b"---", b"unknown", b"unavailable", b"n/a", b"ERROR", b"1e999", b"1.2.3"),
)
# Bytes of an older encoding, half a character, escapes that do not exist, texts with a unit that does not fit.
TEXTS = (
    b"21.5 \xb0X",
    b"\xe9",
    b"\xff\xfe",
    b"warm",
    b"nan",
    b"-nan",
    b"inf",
    b"NULL",
    b"--.-",
    b"21.5 bananas",
    b"1,013",
)
JSON_TEXTS = (b"a\x01b", b"C:\\data", b"\\x41", b"\\ud83d", b"\\u00", b"a\nb", b"\0")
CODES = (b"%", b"%zz", b"%4", b"%B0C", b"%00", b"+", b"%FF%FE")
SPOILT: Mapping[Form, tuple[bytes, ...]] = {
    "json": (*WORDS, *(b'"%s"' % text for text in (*TEXTS, *JSON_TEXTS)), b"[]", b"{}", b"[1]", b"true", b"9" * 400),
    "fields": (*WORDS, *CODES, *(text for text in TEXTS if b" " not in text)),
    "line": (*WORDS, *(b'"%s"' % text for text in TEXTS), b"9" * 400 + b"i"),
    "value": (*WORDS, *TEXTS),
}


def utf_16(body: bytes) -> bytes:
    return body.decode().encode("utf-16")


# What leaves the meaning of a whole body as it is.
AROUND: Mapping[str, Callable[[bytes], bytes]] = {
    "mark": lambda body: b"\xef\xbb\xbf" + body,
    "blanks": lambda body: b" \r\n\t" + body + b" \r\n\0\0",
}
WHOLE: Mapping[Form, Mapping[str, Callable[[bytes], bytes]]] = {
    "json": {
        **AROUND,
        "utf-16": utf_16,
        "comma": lambda body: b",}".join(body.rsplit(b"}", 1)),
        "control": lambda body: body.replace(b": ", b":\x01 ", 1),
        "zeros": lambda body: b"\0\0" + body,
        "repeated": lambda body: body.replace(b'"humidity": 50.0', b'"humidity": 50.0, "humidity": 50'),
    },
    "fields": AROUND,
    "line": {**AROUND, "utf-16": utf_16, "zeros": lambda body: body + b"\0\x1a"},
    "value": {"blanks": AROUND["blanks"], "mark": AROUND["mark"]},
}


def stored_by(
    bench: Bench, example: Example, cast: Cast
) -> Callable[[Mapping[str, object], str], Mapping[str, object]]:
    """Return a function that sends a reading and returns what exists at its instant afterwards."""
    sensor, who = sender(example, cast.site)
    start = utc_now().replace(microsecond=0) - timedelta(hours=1)
    instants = (start - timedelta(seconds=number) for number in count())

    def send(values: Mapping[str, object], how: str = "") -> Mapping[str, object]:
        at, before = next(instants), rows(sensor)
        ask = example.encode([Reading(at, values)], who)
        spoil = WHOLE[example.form].get(how)
        bench.send(example, Ask(ask.path, spoil(ask.body), ask.method, ask.headers) if spoil else ask, sensor, who)
        new = {at: row for at, row in rows(sensor).items() if at not in before}
        assert not example.is_dated or new.keys() <= {at}
        return next(iter(new.values()))[0] if new else {}

    return send


def of(example: Example) -> tuple[str, ...]:
    """Return the quantities of an example."""
    return ("temperature",) if example.form == "value" else QUANTITIES


def others(example: Example, spoilt: str) -> dict[str, float]:
    return {example.stored(name): GOOD[name] for name in of(example) if name != spoilt}


def through_all_doors(cast: Cast, claim: Callable[[Bench, Example, Cast], None]) -> None:
    with bench() as running:
        for example in EXAMPLES:
            try:
                claim(running, example, cast)
            except BaseException as error:
                error.add_note(f"at the door {example.name} ({example.way})")
                raise


def one_bad_value(bench: Bench, example: Example, cast: Cast) -> None:
    send = stored_by(bench, example, cast)

    @settings(max_examples=25, database=None)
    @given(st.sampled_from(of(example)), st.sampled_from(SPOILT[example.form]))
    def spoil(name: str, text: bytes) -> None:
        if example.name == "readings by line" and b"\n" in text:
            return  # a line that ends in the middle of a text
        found = send({**{each: GOOD[each] for each in of(example)}, name: Raw(text)}, "")

        assert example.stored(name) not in found
        untouched = others(example, name)
        assert {each: found.get(each) for each in untouched} == pytest.approx(untouched, abs=0.02)

    spoil()


def spoilt_body(bench: Bench, example: Example, cast: Cast) -> None:
    send = stored_by(bench, example, cast)
    for how in WHOLE[example.form]:
        found = send({name: GOOD[name] for name in of(example)}, how)

        assert found == pytest.approx(others(example, ""), abs=0.02), how


def test_a_bad_value_costs_no_other_at_any_door(cast: Cast) -> None:
    through_all_doors(cast, one_bad_value)


def test_marks_blanks_commas_and_zeros_cost_no_value_at_any_door(cast: Cast) -> None:
    through_all_doors(cast, spoilt_body)
