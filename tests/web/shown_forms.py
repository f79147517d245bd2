"""Reads the forms of a page as a browser does: their inputs, and what is sent when nothing is changed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_NEVER_SENT = ("button", "submit", "reset", "image", "file")
Attributes = dict[str, str | None]


@dataclass
class ShownForm:
    """A form of a page: the names of its inputs, the value each would send, and its named buttons."""

    action: str
    method: str
    names: set[str] = field(default_factory=set)
    sent: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def body(self, button: str = "") -> dict[str, list[str]]:
        """Return what is posted by the button with this value; by default by the first button."""
        pressed = [each for each in self.buttons if button in ("", each[1])][:1]
        body: dict[str, list[str]] = {}
        for name, value in [*self.sent, *pressed]:
            body.setdefault(name, []).append(value)
        return body


def forms_of(html: str) -> list[ShownForm]:
    """Return a page's forms, in the order of the page."""
    parser = _Forms()
    parser.feed(html)
    parser.close()
    return parser.found


def rows_in(html: str, name: str, *others: str) -> list[tuple[str, ...]]:
    """Return the filled rows of a field of rows (`web.fields.LineRows`), cell by cell."""
    body = next(form.body() for form in forms_of(html) if name in form.names)
    rows = zip(body[name], *(body[f"{name}.{key}"] for key in others), strict=True)
    return [row for row in rows if any(row)]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[ShownForm] = []
        self._form: ShownForm | None = None
        self._textarea: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._option: tuple[Attributes, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = ShownForm(given.get("action") or "", (given.get("method") or "get").lower())
            self.found.append(self._form)
        elif self._form is not None and "disabled" not in given:
            getattr(self, f"_begin_{tag}", self._pass)(self._form, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._form is not None:
            getattr(self, f"_end_{tag}", self._pass_end)(self._form)

    def handle_data(self, data: str) -> None:
        for open_element in (self._textarea, self._option):
            if open_element is not None:
                open_element[1].append(data)

    def _pass(self, form: ShownForm, given: Attributes) -> None:
        pass

    def _pass_end(self, form: ShownForm) -> None:
        pass

    def _begin_input(self, form: ShownForm, given: Attributes) -> None:
        name, kind = given.get("name"), given.get("type") or "text"
        if not name:
            return
        form.names.add(name)
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                form.sent.append((name, given.get("value") or "on"))
        elif kind not in _NEVER_SENT:
            form.sent.append((name, given.get("value") or ""))

    def _begin_button(self, form: ShownForm, given: Attributes) -> None:
        name = given.get("name")
        if name and (given.get("type") or "submit") == "submit":
            form.buttons.append((name, given.get("value") or ""))

    def _begin_textarea(self, form: ShownForm, given: Attributes) -> None:
        self._textarea = (given.get("name") or "", [])

    def _end_textarea(self, form: ShownForm) -> None:
        if self._textarea is not None:
            name, written = self._textarea
            # A browser ignores the line break after the tag, and sends every other one as CR LF.
            text = "".join(written).replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")
            form.names.add(name)
            form.sent.append((name, text))
        self._textarea = None

    def _begin_select(self, form: ShownForm, given: Attributes) -> None:
        self._select = (given.get("name") or "", [])

    def _begin_option(self, form: ShownForm, given: Attributes) -> None:
        self._end_option(form)
        self._option = (given, [])

    def _end_option(self, form: ShownForm) -> None:
        if self._option is not None and self._select is not None:
            given, text = self._option
            value = given.get("value")
            self._select[1].append(("".join(text).strip() if value is None else value, "selected" in given))
        self._option = None

    def _end_select(self, form: ShownForm) -> None:
        self._end_option(form)
        if self._select is not None:
            name, options = self._select
            form.names.add(name)
            chosen = [value for value, is_selected in options if is_selected] or [value for value, _ in options[:1]]
            form.sent.extend((name, value) for value in chosen)
        self._select = None

    def _end_form(self, form: ShownForm) -> None:
        self._form = None
