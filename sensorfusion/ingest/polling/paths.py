"""JSONPath (RFC 9535) to one value of a JSON answer: `$.main.temp`, `$.weather[0].id`, `$.rows[?@.type==1].temp`.

A path is a chain of names, indexes and filters; a filter selects the first matching element. Editors write paths and
devices write answers, so features with unbounded running time are refused: descendants, wildcards, slices and functions
(including regular expressions). The number of comparisons per answer is limited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from jsonpath import CompoundJSONPath, JSONPathEnvironment, JSONPathError, JSONPathMatch
from jsonpath.filter import (
    BaseExpression,
    FilterExpression,
    FilterExpressionLiteral,
    InfixExpression,
    Nil,
    PrefixExpression,
    RelativeFilterQuery,
)
from jsonpath.segments import JSONPathChildSegment, JSONPathSegment
from jsonpath.selectors import Filter, IndexSelector, JSONPathSelector, NameSelector

from sensorfusion.ingest.polling.old_paths import in_jsonpath

MOST_CHARACTERS: Final = 1000
MOST_STEPS: Final = 20
MOST_COMPARISONS: Final = 10_000  # per answer; each takes about 10 µs

_ENVIRONMENT: Final = JSONPathEnvironment(strict=True, filter_caching=False)


class BadPath(ValueError):
    """The path cannot be parsed; the message says why."""


class NoJsonPath(BadPath):
    """The text does not follow the grammar of JSONPath."""


class TooMuchWork(Exception):
    """The filters of an answer's paths exceeded the limit on comparisons."""


class Nothing:
    """Marks a missing value, as opposed to null."""


@dataclass(frozen=True, slots=True)
class Step:
    """A name, an index or a filter. A filter makes `comparisons` comparisons per element."""

    selector: JSONPathSelector
    comparisons: int = 0


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path: its text in JSONPath, and its steps."""

    text: str
    steps: Sequence[Step]


def parse(text: str) -> Path:
    """Parse a path. Until 0.2, the syntax before JSONPath (`main.temp`, `rows[type=1].temp`) is accepted too.

    :raises BadPath: it follows neither syntax, or does not select a single value.
    """
    text = text.strip()
    if len(text) > MOST_CHARACTERS:
        raise BadPath(f"{text[:80]}… has more than {MOST_CHARACTERS} characters")
    try:
        return _parse(text)
    except NoJsonPath:
        newer = in_jsonpath(text)
        if newer is None:
            raise
        return _parse(newer)


def in_current_spelling(text: str) -> str:
    """Return a path in JSONPath; text that is not a path is returned unchanged."""
    try:
        return parse(text).text
    except BadPath:
        return text


@lru_cache(2048)  # paths are parsed each time a poll is due
def _parse(text: str) -> Path:
    if not text.startswith("$"):
        raise NoJsonPath(f"{text[:80]} does not begin with $: write $.main.temp, $.list[0] or $['odd name']")
    try:
        query = _ENVIRONMENT.compile(text)
    except (ArithmeticError, RecursionError, ValueError):
        raise NoJsonPath(f"{text[:80]} cannot be read as JSONPath (RFC 9535)") from None
    except JSONPathError as error:
        raise NoJsonPath(_reason(text, error)) from None
    if isinstance(query, CompoundJSONPath) or len(query.segments) > MOST_STEPS:
        raise BadPath(f"{text} has more than {MOST_STEPS} steps")
    return Path(text, [_step(segment, text) for segment in query.segments])


def _reason(text: str, error: JSONPathError) -> str:
    at = text[error.token.index :] if error.token else ""
    message = error.args[0] if error.args and "TOKEN" not in str(error.args[0]) else "not JSONPath (RFC 9535)"
    return f"{text} is invalid at {at or 'its end'}: {message}"


def _step(segment: JSONPathSegment, text: str) -> Step:
    selector = _only_selector(segment)
    if isinstance(selector, Filter):
        return Step(selector, _comparisons(selector.expression, text))
    if isinstance(selector, NameSelector | IndexSelector):
        return Step(selector)
    raise BadPath(f"{text} may select several values at {segment}: select one, as in $.list[0] or $.list[?@.type==1]")


def _only_selector(segment: JSONPathSegment) -> JSONPathSelector | None:
    is_one = isinstance(segment, JSONPathChildSegment) and len(segment.selectors) == 1
    return segment.selectors[0] if is_one else None


def _comparisons(expression: BaseExpression, text: str) -> int:
    """Count the comparisons that a filter makes per element.

    :raises BadPath: it contains more than comparisons of one value of the element with a literal, and !, && and ||.
    """
    match expression:
        case FilterExpression() | PrefixExpression():
            return sum(_comparisons(each, text) for each in expression.children())
        case InfixExpression(logical=True):
            return sum(_comparisons(each, text) for each in expression.children())
        case InfixExpression(left=left, right=right):
            if any(_is_value(one) and _is_literal(other) for one, other in ((left, right), (right, left))):
                return 1
        case RelativeFilterQuery() if _is_value(expression):
            return 1
    raise BadPath(
        f"{text} has a filter that is not supported: compare values with literals, as in [?@.type==1 && @.on]"
    )


def _is_value(expression: BaseExpression) -> bool:
    return isinstance(expression, RelativeFilterQuery) and all(
        isinstance(_only_selector(segment), NameSelector | IndexSelector) for segment in expression.path.segments
    )


def _is_literal(expression: BaseExpression) -> bool:
    return isinstance(expression, Nil | FilterExpressionLiteral)


class Answer:
    """Finds values in one decoded answer, within one limit on comparisons."""

    def __init__(self, document: object) -> None:
        self._document = document
        self._comparisons = MOST_COMPARISONS

    def find(self, path: Path) -> object:
        """Return the value at a path, or `Nothing`.

        :raises TooMuchWork: the limit on comparisons was reached before a match.
        """
        value = self._document
        for step in path.steps:
            value = self._follow(value, step)
            if value is Nothing:
                break
        return value

    def _follow(self, value: object, step: Step) -> object:
        if not isinstance(value, dict | list):
            return Nothing
        if not step.comparisons:
            return _first(step.selector, value)
        for each in value if isinstance(value, list) else value.values():
            self._comparisons -= step.comparisons
            if self._comparisons < 0:
                raise TooMuchWork
            if _first(step.selector, [each]) is not Nothing:
                return each
        return Nothing


def _first(selector: JSONPathSelector, value: dict[str, Any] | list[Any]) -> object:
    node = JSONPathMatch(filter_context={}, obj=value, parent=None, path="$", parts=(), root=value)
    return next((match.obj for match in selector.resolve(node)), Nothing)
