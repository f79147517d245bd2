"""What is said of a file import, in the reader's language; it is made and stored in English, as commands print it.

These are the sentences that reasons, remarks and questions are made of; the first that fits gives the values. A text of
none of them stays as it is.
"""

import re
from typing import Final

from django.utils.translation import gettext, gettext_noop

from sensorfusion.domain.texts.translation import translated
from sensorfusion.sensors.notices.details import detail_in_words

_KINDS: Final = (
    gettext_noop("readings as SensorFusion writes them"),
    gettext_noop("WeeWX's history"),
    gettext_noop("OpenWeatherMap's history"),
    gettext_noop("Home Assistant's history"),
    gettext_noop("Ambient Weather's export"),
    gettext_noop("Ecowitt's export"),
    gettext_noop("Govee's export"),
    gettext_noop("WeatherLink's export"),
    gettext_noop("GHCN-Daily, one value in a row"),
    gettext_noop("NOAA's ISD (global hourly)"),
)
_FILES: Final = (
    gettext_noop("The server failed at this file; its log says why."),
    gettext_noop("The file has been deleted. Upload it again: readings that are stored are found as duplicates."),
    gettext_noop("{file} is empty: it has no row that can be read."),
    gettext_noop("{file} has no header of {count} rows at line {line}."),
    gettext_noop("{file} cannot be read as Parquet: {reason}"),
    gettext_noop("{file} cannot be read: {reason}."),
    gettext_noop("{file} cannot be unpacked: {reason}."),
    gettext_noop("{file} cannot be opened: {reason}."),
    gettext_noop("{file} is larger than {bytes} bytes when it is unpacked."),
    gettext_noop("{file} is an SQLite database, but not WeeWX's: {reason}."),
    gettext_noop("{file} holds no JSON objects: write one per line, or a list of them."),
    gettext_noop("{file} has more than {count} different names, so this is not a table."),
    gettext_noop("{file} has row groups of more than 1 GiB: write it with smaller ones."),
    gettext_noop("{file} has more than {count} columns."),
    gettext_noop("{file} takes longer than {seconds} s for a few rows. Export it as CSV."),
    gettext_noop("{file} takes longer than {seconds} s for a few rows. Split it into several files."),
    gettext_noop(
        "{file} needs more than {memory} MB of memory to be read. Export it as CSV, or ask the administrator to raise "
        "IMPORT_MEMORY_MB. Or it is damaged."
    ),
    gettext_noop(
        "{file} needs more than {memory} MB of memory to be read. Split it into several files, or ask the "
        "administrator to raise IMPORT_MEMORY_MB. Or it is damaged."
    ),
    gettext_noop("a line has more than {count} characters, so this is not a table."),
    gettext_noop("line {line} is longer than {bytes} bytes, so this is not one object per line."),
    gettext_noop("object {number} is longer than {bytes} bytes, or is never closed."),
    gettext_noop("after object {number} the file cannot be read any further: it ends inside an object."),
    gettext_noop("after line {line} the file cannot be read any further: {reason}"),
    gettext_noop("after row {row} the file cannot be read any further: {reason}"),
    gettext_noop("after row {row} the database cannot be read any further: {reason}"),
    gettext_noop("There is no encoding {name}: use a name such as utf-8, cp1252, cp1250 or utf-16."),
    gettext_noop("There is no time zone {name}: use a name such as Europe/Warsaw, or UTC+02:00."),
    gettext_noop("There is no sensor {name}: the id is the one in the address of the sensor's page."),
    gettext_noop("{sensor} is paused and takes no readings. Resume it on its page first."),
    gettext_noop("the database is away, and from line {line} on nothing is stored. Run it again."),
    gettext_noop("from line {line} on nothing is stored, all before it is: {reason}"),
)
_COLUMNS: Final = (
    gettext_noop("None of the columns has a quantity here: {names}."),
    gettext_noop("None of WeeWX's columns in this file has a quantity here: {names}."),
    gettext_noop(
        "None of the file's columns is named like a known quantity, so each must be given one. The columns are: {names}"
    ),
    gettext_noop("The column {name} is in the header more than once. The columns are: {names}"),
    gettext_noop("The column {name} is not in the file. The columns are: {names}"),
    gettext_noop("The column {name} is in {unit}, which is no known unit of {quantity}."),
    gettext_noop("More than one column is mapped to {quantity}: each quantity can come from one only."),
    gettext_noop("{text} is not a column: write column=quantity or column=quantity:unit, as in temp=temperature:°F"),
    gettext_noop("{quantity} is kept without a unit, so {unit} would be lost. Leave the unit out."),
    gettext_noop("{quantity} is kept in {unit}, and the unit {given} is not known"),
    gettext_noop("{quantity} is kept in {unit}, and {given} is a unit of {dimension}, {wanted} of {other}"),
    gettext_noop("{number} may be {one} or {other}: say which mark is of decimals."),
    gettext_noop("{text} may be {one} or {other}. Give the form of times: {forms}."),
    gettext_noop(
        "The file's first temperature, {temperature}, is not in kelvins: say which with --units metric (°C, m/s) or "
        "--units imperial (°F, mph)."
    ),
    gettext_noop("The file does not say its units: choose them with --units metric or --units imperial."),
    gettext_noop(
        "The file does not say its units: choose them with --units tenths (of °C and mm), --units metric or --units "
        "imperial (°F, in)."
    ),
    gettext_noop(
        "The first {rows} rows have 1 instant, and {count} have other values than a row before ({first}). Name every "
        "column that the time is in, such as one of the hour."
    ),
    gettext_noop(
        "The first {rows} rows have {instants} instants, and {count} have other values than a row before ({first}). "
        "Name every column that the time is in, such as one of the hour."
    ),
    gettext_noop("Values of a day are stored at its begin."),
    gettext_noop("Home Assistant's files have no units: the values are read as {system}."),
    gettext_noop(
        "1 row is within an hour that {zone} repeats (the first: {first}). The order of the rows decides which hour "
        "they mean; if the file begins there, the earlier one."
    ),
    gettext_noop(
        "{count} rows are within an hour that {zone} repeats (the first: {first}). The order of the rows decides which "
        "hour they mean; if the file begins there, the earlier one."
    ),
)
_ROWS: Final = (
    gettext_noop("the line has {count} columns where the header has {most}"),
    gettext_noop("the line has only {count} columns"),
    gettext_noop("the row has more than {count} values"),
    gettext_noop("the object holds more than {count} values"),
    gettext_noop("a value has more than {count} characters"),
    gettext_noop("it is nested more than {count} deep"),
    gettext_noop("this is not JSON: {reason}"),
    gettext_noop("the column {name} is empty"),
    gettext_noop("{name} has no quantity here"),
    gettext_noop("{text} is {day}, where a clock begins that was never set"),
    gettext_noop("{text} is not of the form {form}: {reason}"),
    gettext_noop("{time} does not exist in {zone}: the clocks are put forward over it"),
    gettext_noop("{text} failed the check {code} of its archive"),
    gettext_noop("{text} of quality {code}, which its archive calls wrong"),
    gettext_noop("{number}, which is no number"),
    gettext_noop("{number}, a day number"),
    gettext_noop("{name} is {value} here and another at line {line}, of the same instant {time}"),
    gettext_noop("{name} is {value} here and {other} at line {line}, of the same instant {time}"),
)
_ALL: Final = (*_FILES, *_COLUMNS, *_ROWS)
_LINE: Final = re.compile(r"line ([\d,]+): (.+)", re.DOTALL)
_FROM_HERE: Final = "of the rows from here on: "


def kind_in_words(kind: str) -> str:
    """Translate the name of a kind of file."""
    return gettext(kind) if kind else ""


def in_words(text: str) -> str:
    """Translate what was wrong with a file or a row, a remark, or a question."""
    found = _whole(text)
    return found if found != text else _of_quantity(text)


def example_in_words(text: str) -> str:
    """Translate one of the examples that are stored with a reason: `line 12: temperature: …`."""
    match = _LINE.fullmatch(text)
    if match is None:
        return in_words(text)
    return gettext("line {number}: {problem}").format(number=match[1], problem=_of_answer(match[2]))


def _of_answer(text: str) -> str:
    if not text.startswith(_FROM_HERE):
        return in_words(text)
    problem = in_words(text.removeprefix(_FROM_HERE))
    return gettext("of the rows from here on: {problem}").format(problem=problem)


def _of_quantity(text: str) -> str:
    """Translate `temperature: abc is not a number`: the name of the quantity is said before."""
    quantity, colon, problem = text.partition(": ")
    return f"{quantity}: {_whole(problem)}" if colon else text


def _whole(text: str) -> str:
    found = translated(text, _ALL)
    return found if found != text else detail_in_words(text)
