"""The forms in which files write times: parses a text in a given form, and finds the form of a column.

A form is a format of `strptime`, `spreadsheet` for day numbers, or "" for RFC 3339 and epoch numbers. More is read than
`strptime` does: any number of blanks, `12:30a`, `24:00`, hours without a leading zero, and zone names.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

SPREADSHEET: Final = "spreadsheet"
# Offered by the page of an import, each with 29 November 2026, half past two in the afternoon.
COMMON_FORMS: Final = {
    "%Y-%m-%d %H:%M": "2026-11-29 14:30",
    "%Y-%m-%d %H:%M:%S": "2026-11-29 14:30:00",
    "%d.%m.%Y %H:%M": "29.11.2026 14:30",
    "%d.%m.%Y %H:%M:%S": "29.11.2026 14:30:00",
    "%d/%m/%Y %H:%M": "29/11/2026 14:30",
    "%m/%d/%Y %H:%M": "11/29/2026 14:30",
    "%m/%d/%Y %I:%M %p": "11/29/2026 02:30 PM",
    "%Y%m%d%H%M": "202611291430",
    SPREADSHEET: "46355.604167, a day number",
}
# Day 1 is 1 January 1900, and spreadsheets count 29 February 1900, which did not exist (ECMA-376 part 1, 18.17.4.1).
_DAY_ZERO: Final = datetime(1899, 12, 30)
_DAYS: Final = (10_000, 80_000)  # from 1927 to 2119; epoch seconds are larger, counts since a start mostly smaller
_DAY_S: Final = 86_400

_HALF_DAY: Final = re.compile(r"(\d)\s*([AaPp])\.?\s*(?:[Mm]\.?)?\Z")
_MIDNIGHT: Final = re.compile(r"(?<![:\d.,])24(:?00(?::?00)?)?(?=\Z| [A-Z]{1,5}\Z)")
_SHORT_HHMM: Final = re.compile(r"(?<!\d)(\d{1,3})\Z")
_ZONE: Final = re.compile(r"\s*\(?([A-Za-z]{1,5})\)?\Z")
# Hours ahead of UTC of the abbreviations that mean one zone (IANA time zone database); CST, IST and the like mean
# several, and are read only where the zone of the file has them.
_ZONES: Final = {
    **{"UTC": 0, "GMT": 0, "Z": 0, "UT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3},
    **{"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8},
    **{"HST": -10, "JST": 9, "AEST": 10, "AEDT": 11, "AWST": 8, "NZST": 12, "NZDT": 13, "SAST": 2, "MEZ": 1, "MESZ": 2},
}

_DATE: Final = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?P<rest>.*)\Z", re.DOTALL)
_TOGETHER: Final = re.compile(r"\d{8}(?P<rest>[ T].*)\Z", re.DOTALL)
_NAMED: Final = re.compile(r"(\d{1,2})([ -])([A-Za-z]{3,9})\.?(,?[ -])(\d{4}|\d{2})(?P<rest>.*)\Z", re.DOTALL)
_MONTH_FIRST: Final = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(,? )(\d{4})(?P<rest>.*)\Z", re.DOTALL)
_CLOCK: Final = re.compile(
    r"(?P<gap>,? ?|T)(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d{1,6})?)?)?"
    r"\s*(?P<half>[AaPp]\.?\s?(?:[Mm]\.?)?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|\(?[A-Z]{2,5}\)?)?\Z"
)
_DIGITS: Final = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M", 10: "%Y%m%d%H", 8: "%Y%m%d"}
_MOST: Final = 0.9  # of the texts must be of a form


class UnclearForm(Exception):
    """Dates can be read with the day first or with the month first; the message says how to tell."""

    def __init__(self, text: str, forms: Sequence[str]) -> None:
        super().__init__(
            f"{text!r} may be {' or '.join(_shown(text, form) for form in forms)}. Give the form of times:"
            f" {' or '.join(forms)}."
        )
        self.forms = forms


def parsed(text: str, form: str, *, zone: tzinfo | None = None) -> datetime:
    """Parse a text; naive unless it names an offset or a zone.

    :param zone: the zone of the file, whose own abbreviations go before others.
    :raises ValueError: the text is not of this form.
    """
    if form == SPREADSHEET:
        return _of_day_number(text)
    text = " ".join(text.split())
    tz = None
    if "%Z" in form:
        text, tz = _without_zone(text, form, zone)
        form = " ".join(form.replace("%Z", "").split())
    if "%p" in form:
        text = _HALF_DAY.sub(r"\1 \2M", text)
    days = 0
    if "%H" in form and "24" in text and (midnight := _MIDNIGHT.sub(lambda found: f"00{found[1] or ''}", text)) != text:
        text, days = midnight, 1
    if form.endswith("%H%M"):
        text = _SHORT_HHMM.sub(lambda found: found[1].zfill(4), text)
    when = datetime.strptime(text, form) + timedelta(days=days)
    return _at_its_zone(when, tz) if tz else when


def form_of(texts: Sequence[str], *, now: datetime, month_first: bool | None = None) -> str:
    """Return the form of nearly all of these texts; "" for RFC 3339, epoch numbers, or no form that is known.

    :param month_first: what the rest of the file says about the order, if anything.
    :raises UnclearForm: day and month cannot be told apart.
    """
    texts = [" ".join(text.split()) for text in texts]
    if numbers := _numbers(texts):
        return _form_of_numbers(texts, numbers, now)
    if _share(texts, "") >= _MOST:
        return ""
    candidates = dict.fromkeys(form for text in texts[:20] for form in _forms_of(text))
    good = [form for form in candidates if _share(texts, form) >= _MOST]
    return _one_of(good, texts, now, month_first) if good else ""


def is_form(texts: Sequence[str], form: str) -> bool:
    """Return whether nearly all texts are of this form."""
    return bool(texts) and _share(texts, form) >= _MOST


def _of_day_number(text: str) -> datetime:
    """Return the time of a day number, rounded to a full minute or second within what its digits tell."""
    number = float(text.replace(",", "."))
    if not _DAYS[0] <= number < _DAYS[1]:
        raise ValueError(f"{text} is no day number of a spreadsheet")
    _, _, decimals = text.replace(",", ".").partition(".")
    certain_s = min(0.5 * _DAY_S / 10 ** len(decimals), 30) + 0.001 if decimals else 0.0
    seconds = number * _DAY_S
    near = (step * round(seconds / step) for step in (60, 1))
    rounded = next((each for each in near if abs(seconds - each) <= certain_s), seconds)
    return _DAY_ZERO + timedelta(seconds=round(rounded, 3))


def _without_zone(text: str, form: str, zone: tzinfo | None) -> tuple[str, tzinfo | None]:
    found = _ZONE.search(text)
    if found is None:
        raise ValueError(f"{text!r} names no zone")
    name, rest = found[1].upper(), text[: found.start()]
    if zone is not None:
        plain = parsed(rest, " ".join(form.replace("%Z", "").split()))
        for fold in (0, 1):
            if plain.replace(tzinfo=zone, fold=fold).tzname() == name:
                return rest, timezone(plain.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta())
    if name not in _ZONES:
        raise ValueError(f"{name} is no zone with one meaning: give the time zone of the file")
    return rest, timezone(timedelta(hours=_ZONES[name]))


def _at_its_zone(when: datetime, zone: tzinfo) -> datetime:
    return when.replace(tzinfo=zone)


def _numbers(texts: Sequence[str]) -> list[float]:
    """Return the texts as numbers if all of them are numbers."""
    try:
        return [float(text.replace(",", ".")) for text in texts]
    except ValueError:
        return []


def _form_of_numbers(texts: Sequence[str], numbers: Sequence[float], now: datetime) -> str:
    if all(_DAYS[0] <= number < _DAYS[1] for number in numbers):
        return SPREADSHEET
    form = _DIGITS.get(len(texts[0]), "")
    if not form or not is_form(texts, form):
        return ""
    # Ten digits are epoch seconds as well; then the file is of the past.
    is_epoch = len(texts[0]) == 10 and max(numbers) <= now.timestamp() + _DAY_S
    return "" if is_epoch else form


def _share(texts: Sequence[str], form: str) -> float:
    return sum(_is_of(text, form) for text in texts) / len(texts) if texts else 0.0


def _is_of(text: str, form: str) -> bool:
    try:
        parsed(text, form) if form else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return False
    return True


def _forms_of(text: str) -> Iterator[str]:
    for date, rest in _dates_of(text):
        if not rest:
            yield date
        elif clock := _CLOCK.match(rest):
            yield date + _clock_of(clock)


def _dates_of(text: str) -> Iterator[tuple[str, str]]:
    if found := _DATE.match(text):
        first, mark, _, last, rest = found.groups()
        if len(first) == 4:
            yield f"%Y{mark}%m{mark}%d", rest
        elif len(last) in (2, 4):
            year = "%Y" if len(last) == 4 else "%y"
            yield f"%d{mark}%m{mark}{year}", rest
            yield f"%m{mark}%d{mark}{year}", rest
            if int(first) > 31:
                yield f"%y{mark}%m{mark}%d", rest
    elif found := _TOGETHER.match(text):
        yield "%Y%m%d", found["rest"]
    elif found := _NAMED.match(text):
        _, mark, month, gap, year, rest = found.groups()
        yield f"%d{mark}{_month(month)}{gap}{'%Y' if len(year) == 4 else '%y'}", rest
    elif found := _MONTH_FIRST.match(text):
        yield f"{_month(found[1])} %d{found[3]}%Y", found["rest"]


def _month(name: str) -> str:
    return "%b" if len(name) == 3 else "%B"


def _clock_of(clock: re.Match[str]) -> str:
    hour = "%I" if clock["half"] else "%H"
    minute = ":%M" if clock["minute"] else ""
    second = ":%S" if clock["second"] else ""
    fraction = f"{clock['fraction'][0]}%f" if clock["fraction"] else ""
    zone = clock["zone"] or ""
    gap = " " if zone and clock.string[clock.start("zone") - 1].isspace() else ""
    offset = "" if not zone else " %Z" if zone.strip("()").isalpha() and zone != "Z" else f"{gap}%z"
    return f"{clock['gap']}{hour}{minute}{second}{fraction}{' %p' if clock['half'] else ''}{offset}"


def _one_of(good: Sequence[str], texts: Sequence[str], now: datetime, month_first: bool | None) -> str:
    """Choose among the forms by what they make of the texts: nothing of the future, and the shorter span."""
    latest = now.replace(tzinfo=None) + timedelta(days=2)
    past = [form for form in good if max(_naive(texts, form)) <= latest] or list(good)
    spans = {form: _span(texts, form) for form in past}
    shortest = min(spans.values())
    best = [form for form in past if spans[form] <= shortest + timedelta(days=1)]
    if len(best) > 1 and month_first is not None:
        best = [form for form in best if form.startswith("%m") == month_first] or best
    if len(best) > 1 and "." in best[0][:5]:
        best = [form for form in best if form.startswith("%d")]  # points are written where the day comes first
    if len(best) > 1 and len({tuple(_naive(texts[:50], form)) for form in best}) > 1:
        raise UnclearForm(texts[0], best)
    return best[0]


def _naive(texts: Iterable[str], form: str) -> list[datetime]:
    return [parsed(text, form).replace(tzinfo=None) for text in texts if _is_of(text, form)]


def _span(texts: Sequence[str], form: str) -> timedelta:
    times = _naive(texts, form)
    return max(times) - min(times)


def _shown(text: str, form: str) -> str:
    return f"{parsed(text, form).replace(tzinfo=UTC):%-d %B %Y}"
