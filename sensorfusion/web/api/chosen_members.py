"""Sparse answers: `?fields=id,name` leaves only these members in each object of an answer.

Which members there are is read from the API's own description, so a misspelt one is refused. Members of members are
not chosen.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from sensorfusion.web.problems import problem_response

PARAMETER: Final = "fields"
# Members of which the answer of a list consists; the objects in them are what is asked for.
LISTS: Final = ("results", "readings")
_MOST_NAMED: Final = 5
View = Callable[..., HttpResponseBase]


def sparse(view: View, *, known_to: Callable[[HttpRequest], Iterable[str]]) -> View:
    """Wrap a view of the API; `known_to` returns the members that its answers may have."""

    @wraps(view)
    def chosen(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        wanted = request.GET.get(PARAMETER, "") if request.method in ("GET", "HEAD") else ""
        if not wanted:
            return view(request, *arguments, **named)
        names, known = dict.fromkeys(wanted.split(",")), tuple(known_to(request))
        if unknown := [name for name in names if name not in known]:
            return _refusal(unknown, known)
        return _narrowed(view(request, *arguments, **named), names)

    return chosen


def only(names: Mapping[str, Any], answer: Any) -> Any:
    """Return an answer with these members of its objects only."""
    match answer:
        case list():
            return [only(names, each) for each in answer]
        case dict():
            for listed in LISTS:
                if isinstance(answer.get(listed), list):
                    return {**answer, listed: only(names, answer[listed])}
            return {name: value for name, value in answer.items() if name in names}
    return answer


def _narrowed(response: HttpResponseBase, names: Mapping[str, Any]) -> HttpResponseBase:
    render = getattr(response, "render", None)
    response = render() if callable(render) else response
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    if response.status_code == 200 and is_json and isinstance(response, HttpResponse):
        narrowed = only(names, json.loads(response.content))
        response.content = json.dumps(narrowed, ensure_ascii=False, separators=(",", ":")).encode()
    return response


def _refusal(unknown: list[str], known: tuple[str, ...]) -> HttpResponseBase:
    shown = ", ".join(name[:64] for name in unknown[:_MOST_NAMED])
    detail = f"There is no member {shown} here. Known are: {', '.join(known)}."
    return problem_response(400, code="invalid", detail=f"{PARAMETER}: {detail}", fields={PARAMETER: [detail]})
