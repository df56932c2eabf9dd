"""Two edits of one text put together, word by word where they meet.

First by line, then what meets by sentence, then by word: so a note of pages costs no more than the
part that two people really worked on.
"""

import re
from collections.abc import Sequence

from merge3 import Merge3

LINES = re.compile(r"[^\n]*\n|[^\n]+")
SENTENCES = re.compile(r"[^.!?\n]*[.!?\n]+\s*|[^.!?\n]+")
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
LEVELS = (LINES, SENTENCES, WORDS)


def joined_texts(base: str, ours: str, theirs: str) -> str:
    """Return a text with what either side added, word by word; theirs first where they meet.

    >>> joined_texts("Een dak.", "Een groen dak.", "Een dak met zon.")
    'Een groen dak met zon.'
    """
    return _joined((base, ours, theirs), LEVELS)


def _joined(texts: tuple[str, str, str], levels: Sequence[re.Pattern[str]]) -> str:
    base, ours, theirs = (levels[0].findall(text) for text in texts)
    joined = ""
    for group in Merge3(base, ours, theirs).merge_groups():
        if group[0] != "conflict":
            joined += "".join(group[1])
            continue
        parts = "".join(group[1]), "".join(group[2]), "".join(group[3])
        joined += _joined(parts, levels[1:]) if levels[1:] else _both(parts[1], parts[2])
    return joined


def _both(mine: str, other: str) -> str:
    meets = bool(mine and other) and not (other[-1:].isspace() or mine[:1].isspace())
    return other + (" " if meets else "") + mine
