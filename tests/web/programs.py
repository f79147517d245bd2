"""JavaScript as a syntax tree, to compare the meaning of two texts."""

from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_javascript.language()))


def program(text: str) -> list[str]:
    """Return the nodes of a module's tree in order, without comments; leaves are unchanged.

    :raises ValueError: if the text is not JavaScript.
    """
    root = _PARSER.parse(text.encode()).root_node
    if root.has_error:
        raise ValueError(f"not JavaScript: {text[:200]}")
    return list(_nodes(root))


def _nodes(node: Node) -> Iterator[str]:
    if node.type == "comment":
        return
    if not node.children:
        yield (node.text or b"").decode()
        return
    yield f"{node.type}("
    for child in node.children:
        yield from _nodes(child)
    yield ")"
