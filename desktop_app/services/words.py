"""How texts are compared: capitals, accents, dots and spaces do not matter."""

import unicodedata


def fold(text: object) -> str:
    """Return `text` without capitals, accents and double spaces, for comparing only.

    >>> fold(" Élan  &  Zó ")
    'elan & zo'
    """
    plain = unicodedata.normalize("NFKD", str(text).casefold())
    return " ".join("".join(mark for mark in plain if not unicodedata.combining(mark)).split())


def key_of(text: object) -> str:
    """Return only the letters and digits of `text`, folded: what headers are compared by.

    >>> key_of("Kavel-oppervlak (m²)")
    'kaveloppervlakm2'
    """
    return "".join(letter for letter in fold(text) if letter.isalnum())
