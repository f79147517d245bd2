"""Views describe themselves, and wrappers keep it."""

from functools import wraps
from typing import Any

from sensorfusion.web.description import TEXT, Answered, Description, described, description_of, members

ABOUT = {"GET": Description(summary="Show", answers={200: Answered(why="Here it is.")})}


def test_a_view_keeps_its_description_below_wrappers() -> None:
    @described(ABOUT)
    def view(request: Any) -> None: ...

    @wraps(view)
    def wrapped(request: Any) -> None: ...

    assert description_of(wrapped) == ABOUT
    assert description_of(lambda request: None) == {}


def test_members_are_an_object_with_required_names() -> None:
    assert members("a", a=TEXT, b=TEXT) == {"type": "object", "required": ["a"], "properties": {"a": TEXT, "b": TEXT}}
