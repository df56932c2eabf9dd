"""The words that open a bundle: made by us, told by phone, never written beside the file.

Six of 512 plain Dutch words are 54 bits of chance. Each guess costs 256,000 rounds of SHA-512, so a
found stick stays shut for longer than its contents matter. No two words of the list differ by one letter,
and none has a sound that is spelt in two ways (ei/ij, ou/au), so a word heard wrong is noticed.
"""

import secrets
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from db.fields import N_
from db.sync.bundle_file import Bundle, key_text
from db.sync.bundled import BundleProblem
from resources import path as resource_path

COUNT = 6
MISHEARD = N_("The word “%(word)s” is not one of ours. Is it “%(other)s”?")
UNKNOWN = N_("The word “%(word)s” is not one of ours. Ask for it again.")
MISSING = N_("There are %(count)d words; there must be 6.")


@lru_cache(maxsize=1)
def word_list() -> tuple[str, ...]:
    """Return the words, in the order of the alphabet."""
    return tuple(resource_path("words/nl.txt").read_text(encoding="utf-8").split())


def new_passphrase() -> str:
    """Return six words by chance, such as "zwaluw kade honing tulp regen fiets"."""
    return " ".join(secrets.choice(word_list()) for _number in range(COUNT))


def opened(path: Path, passphrase: str) -> Bundle:
    """Open a bundle; where the words do not fit, say which of them can't be right.

    Raises:
        BundleProblem: see `Bundle`.
    """
    try:
        return Bundle(path, passphrase)
    except BundleProblem as problem:
        if problem.reason != "words":
            raise
        raise _explained(passphrase) or problem from problem


def _explained(passphrase: str) -> BundleProblem | None:
    """Return what is wrong with words that are meant to be ours; None when they all could be."""
    known = word_list()
    words = key_text(passphrase).split()
    strange = [word for word in words if word not in known]
    if len(strange) == len(words) and len(words) != COUNT:
        return None  # a passphrase that a person chose
    if strange:
        near = get_close_matches(strange[0], known, n=1, cutoff=0.5)
        details = {"word": strange[0], "other": near[0] if near else ""}
        return BundleProblem(MISHEARD if near else UNKNOWN, reason="words", **details)
    if len(words) != COUNT:
        return BundleProblem(MISSING, reason="words", count=len(words))
    return None
