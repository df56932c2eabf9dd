"""Which words were added to a text and which taken out, for the page of double edits."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Edit(Enum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together and share their fate."""

    edit: Edit
    text: str


def text_diff(base: str, other: str) -> tuple[Piece, ...]:
    """Return how ``base`` became ``other``, whole words at a time.

    >>> [(piece.edit.value, piece.text) for piece in text_diff("een dak", "een groen dak")]
    [('same', 'een '), ('added', 'groen '), ('same', 'dak')]
    """
    before, after = _WORDS.findall(base), _WORDS.findall(other)
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, low, high, start, end in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Edit.SAME, "".join(before[low:high])))
            continue
        if high > low:
            pieces.append(Piece(Edit.REMOVED, "".join(before[low:high])))
        if end > start:
            pieces.append(Piece(Edit.ADDED, "".join(after[start:end])))
    return tuple(pieces)
