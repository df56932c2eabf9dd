"""Which words were added to a text and which taken out, for the page of double edits.

First by line, then what differs by sentence, then by word: a note of pages is compared in a few
milliseconds. A capital alone is no difference, unless it is the only one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import groupby

from desktop_app.services.text_join import LEVELS

SHOWN = 60
"""Letters of an unchanged part that stay in sight on either side of a change, in a long text."""

MANY = 400
"""Words (with the spaces between them) from which on common ones are no anchors."""


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
    pieces = tuple(_calm(_together(_pieces(base, other, LEVELS, folds_case=True))))
    if base != other and all(piece.edit is Edit.SAME for piece in pieces):
        pieces = tuple(_calm(_together(_pieces(base, other, LEVELS, folds_case=False))))
    return pieces


def _pieces(
    base: str, other: str, levels: Sequence[re.Pattern[str]], *, folds_case: bool
) -> Iterator[Piece]:
    before, after = levels[0].findall(base), levels[0].findall(other)
    keys = [[one.casefold() for one in side] if folds_case else side for side in (before, after)]
    head = _shared(*keys)
    tail = _shared(*(side[: head - 1 if head else None : -1] for side in keys))
    yield Piece(Edit.SAME, "".join(after[:head]))
    inner = [side[head : len(side) - tail] for side in (*keys, before, after)]
    yield from _inner(inner, levels, folds_case=folds_case)
    yield Piece(Edit.SAME, "".join(after[len(after) - tail :]))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many equal parts both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _inner(
    inner: Sequence[Sequence[str]], levels: Sequence[re.Pattern[str]], *, folds_case: bool
) -> Iterator[Piece]:
    """Compare what lies between the first and the last difference: keys of both, parts of both."""
    old_keys, new_keys, before, after = inner
    # Two thousand words in one sentence: leave the commonest out as anchors, or it takes seconds.
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=len(after) > MANY)
    for tag, low, high, start, end in matcher.get_opcodes():
        old, new = "".join(before[low:high]), "".join(after[start:end])
        if tag == "equal":
            yield Piece(Edit.SAME, new)
        elif tag == "replace" and levels[1:]:
            yield from _pieces(old, new, levels[1:], folds_case=folds_case)
        else:
            yield from (Piece(Edit.REMOVED, old), Piece(Edit.ADDED, new))


def _together(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join neighbours of one fate, and leave out what is empty."""
    edit, words = Edit.SAME, ""
    for piece in pieces:
        if piece.text and piece.edit is not edit:
            if words:
                yield Piece(edit, words)
            edit, words = piece.edit, ""
        words += piece.text
    if words:
        yield Piece(edit, words)


def _calm(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Make one change of changes with only spaces between them: word by word, they can't be read."""
    for is_anchor, group in groupby(pieces, _is_anchor):
        found = list(group)
        edits = [place for place, piece in enumerate(found) if piece.edit is not Edit.SAME]
        if is_anchor or len({found[place].edit for place in edits}) < 2:
            yield from found
            continue
        yield from found[: edits[0]]
        inner = found[edits[0] : edits[-1] + 1]
        for edit, other in ((Edit.REMOVED, Edit.ADDED), (Edit.ADDED, Edit.REMOVED)):
            yield Piece(edit, "".join(one.text for one in inner if one.edit is not other))
        yield from found[edits[-1] + 1 :]


def _is_anchor(piece: Piece) -> bool:
    return piece.edit is Edit.SAME and bool(piece.text.strip(" ") or not piece.text)


def shortened(pieces: Sequence[Piece], limit: int) -> tuple[Piece, ...]:
    """Return pieces of which long unchanged parts lose their middle, when all is over ``limit``.

    >>> pieces = (Piece(Edit.SAME, "a " * 200), Piece(Edit.ADDED, "nieuw"))
    >>> len(shortened(pieces, 100)[0].text) < 100
    True
    """
    if sum(len(piece.text) for piece in pieces) <= limit:
        return tuple(pieces)
    last = len(pieces) - 1
    return tuple(
        _cut(piece, is_first=place == 0, is_last=place == last)
        for place, piece in enumerate(pieces)
    )


def _cut(piece: Piece, *, is_first: bool, is_last: bool) -> Piece:
    if piece.edit is not Edit.SAME or len(piece.text) <= 3 * SHOWN:
        return piece
    head = piece.text[:SHOWN].rpartition(" ")[0] + " " if is_last or not is_first else ""
    tail = " " + piece.text[-SHOWN:].partition(" ")[2] if is_first or not is_last else ""
    return Piece(Edit.SAME, f"{head}…{tail}")
