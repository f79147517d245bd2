"""Reads a QR code back, by ISO/IEC 18004 and without the library that wrote it: versions 1 to 9, level M, bytes.

It draws the path of the SVG into modules, takes the mask from the format information, walks the codewords in their
zigzag, and puts the blocks together. It corrects no errors, so every data module must be right.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from sensorfusion.web.values.qr import QUIET, Code

Modules = list[list[bool]]
# Table 9: blocks of data codewords at level M, by version; table E.1: centres of the alignment patterns.
BLOCKS: Final = {
    **{1: [16], 2: [28], 3: [44], 4: [32, 32], 5: [43, 43], 6: [27] * 4, 7: [31] * 4},
    **{8: [38, 38, 39, 39], 9: [36] * 3 + [37] * 2},
}
ALIGNED: Final = {
    1: [],
    2: [6, 18],
    3: [6, 22],
    4: [6, 26],
    5: [6, 30],
    6: [6, 34],
    7: [6, 22, 38],
    8: [6, 24, 42],
    9: [6, 26, 46],
}
FORMAT_MASK: Final = 0b101010000010010
LEVEL_M: Final = 0b00
MASKS: Final[tuple[Callable[[int, int], bool], ...]] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)


def read(code: Code) -> str:
    """Return the text of a code."""
    modules = _modules(code)
    version = (len(modules) - 17) // 4
    mask = MASKS[_mask(modules)]
    bits = [modules[y][x] ^ mask(y, x) for y, x in _zigzag(version)]
    words = [_number(bits[at : at + 8]) for at in range(0, len(bits) - 7, 8)]
    return _text(_put_together(words, BLOCKS[version]))


def _modules(code: Code) -> Modules:
    size = code.side - 2 * QUIET
    modules = [[False] * size for _ in range(size)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path):
        for at in range(int(x), int(x) + int(width)):
            modules[int(y) - QUIET][at - QUIET] = True
    return modules


def _mask(modules: Modules) -> int:
    """Return the mask of the format information beside the upper left finder."""
    places = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    told = _number([modules[y][x] for y, x in places]) ^ FORMAT_MASK
    assert told >> 13 == LEVEL_M
    return told >> 10 & 0b111


def _zigzag(version: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the codewords: pairs of columns from the right, upwards and downwards in turn."""
    size = 17 + 4 * version
    is_upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for y in range(size - 1, -1, -1) if is_upwards else range(size):
            yield from ((y, x) for x in (right, right - 1) if not _is_function(y, x, version))
        is_upwards = not is_upwards


def _is_function(y: int, x: int, version: int) -> bool:
    size = 17 + 4 * version
    is_finder = (y < 9 and (x < 9 or x >= size - 8)) or (y >= size - 8 and x < 9)
    is_version = version >= 7 and ((y < 6 and x >= size - 11) or (x < 6 and y >= size - 11))
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    centres = [(a, b) for a in ALIGNED[version] for b in ALIGNED[version] if (a, b) not in corners]
    return is_finder or is_version or 6 in (y, x) or any(abs(y - a) < 3 and abs(x - b) < 3 for a, b in centres)


def _put_together(words: list[int], blocks: list[int]) -> list[int]:
    """Return the data codewords, which are sent one of each block in turn."""
    sent = iter(words)
    apart: list[list[int]] = [[] for _ in blocks]
    for turn in range(max(blocks)):
        for block, length in zip(apart, blocks, strict=True):
            if turn < length:
                block.append(next(sent))
    return [word for block in apart for word in block]


def _text(words: list[int]) -> str:
    bits = [bool(word >> place & 1) for word in words for place in range(7, -1, -1)]
    assert _number(bits[:4]) == 0b0100  # bytes
    length = _number(bits[4:12])
    return bytes(_number(bits[12 + 8 * at : 20 + 8 * at]) for at in range(length)).decode()


def _number(bits: list[bool]) -> int:
    return int("".join(str(int(bit)) for bit in bits), 2)
