"""JavaScript as a syntax tree, to compare the meaning of two texts."""

from collections.abc import Iterator, Sequence

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_javascript.language()))


def program(text: str, *, with_strings: bool = True) -> list[str]:
    """Return the nodes of a module's tree in order, without comments; leaves are unchanged.

    Without strings, each string or template with all that is in it is one node.

    :raises ValueError: if the text is not JavaScript.
    """
    return list(_nodes(_root(text), leaves=() if with_strings else ("string", "template_string")))


def tagged(text: str) -> list[tuple[int, int, str]]:
    """Return where templates with a tag begin and end, in bytes, and the tag; also those within others."""
    return sorted(
        (node.start_byte, node.end_byte, _text(node.child_by_field_name("function")))
        for node in _within(_root(text))
        if node.type == "call_expression" and _is_template(node.child_by_field_name("arguments"))
    )


def calls(text: str, name: str) -> list[tuple[int, int]]:
    """Return where calls of a function begin and end, in bytes."""
    return sorted(
        (node.start_byte, node.end_byte)
        for node in _within(_root(text))
        if node.type == "call_expression" and _text(node.child_by_field_name("function")) == name
    )


def untagged_strings(text: str) -> list[str]:
    """Return all strings and templates without a tag, their expressions left out, and no names of imports."""
    return list(_strings(_root(text)))


def _root(text: str) -> Node:
    root = _PARSER.parse(text.encode()).root_node
    if root.has_error:
        raise ValueError(f"not JavaScript: {text[:200]}")
    return root


def _nodes(node: Node, leaves: Sequence[str]) -> Iterator[str]:
    if node.type == "comment":
        return
    if node.type in leaves:
        yield "text"
        return
    if not node.children:
        yield _text(node)
        return
    yield f"{node.type}("
    for child in node.children:
        yield from _nodes(child, leaves)
    yield ")"


def _within(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _within(child)


def _strings(node: Node) -> Iterator[str]:
    if node.type in ("comment", "import_statement"):
        return
    inner = node.children
    if node.type == "string":
        yield _text(node)[1:-1]
        return
    if node.type == "call_expression" and _is_template(arguments := node.child_by_field_name("arguments")):
        assert arguments
        inner = [each for each in arguments.children if each.type == "template_substitution"]
    elif node.type == "template_string":
        yield "…".join(_text(each) for each in inner if each.type == "string_fragment")
    for child in inner:
        yield from _strings(child)


def _is_template(node: Node | None) -> bool:
    return node is not None and node.type == "template_string"


def _text(node: Node | None) -> str:
    return (node.text or b"").decode() if node else ""
