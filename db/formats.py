"""The exact formats of Dutch registers: how a value is written, stored and checked.

Sources: domain.md section 3 (BAG catalogue, Kadaster, KvK, CBS), python-stdnum for the postcode's
forbidden letters and the check digits of RSIN (elfproef), BSN and IBAN. A format normalises what a
person types ("7271ab" -> "7271AB") and says in words what is wrong; the same pattern becomes a
CHECK constraint in the shared database.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


def _marked(text: str) -> str:
    """Mark for translation; `db.fields.N_` cannot be imported here as fields imports formats."""
    return text


N_ = _marked


def _is_rsin(text: str) -> bool:
    digits = [int(digit) for digit in text]
    return (sum(d * w for d, w in zip(digits, range(9, 1, -1), strict=False)) - digits[8]) % 11 == 0


def _is_one_word(text: str) -> bool:
    return text.isprintable() and not any(letter.isspace() for letter in text)


@dataclass(frozen=True, slots=True)
class TextFormat:
    """One format: `pattern` over the stored form, and `also` for what a pattern cannot say.

    The pattern is portable to PostgreSQL.
    """

    name: str
    pattern: str
    message: str
    example: str
    upper: bool = False
    drop: str = ""
    also: Callable[[str], bool] | None = None

    def normalise(self, text: str) -> str:
        """Return the stored form of what a person typed."""
        text = "".join(letter for letter in text.strip() if letter not in self.drop)
        return text.upper() if self.upper else text

    def is_valid(self, text: str) -> bool:
        """Whether `text` is in the stored form."""
        return re.fullmatch(self.pattern, text) is not None and (
            self.also is None or self.also(text)
        )


POSTCODE = TextFormat(
    "postcode",
    "[1-9][0-9]{3}[A-RT-Z][A-Z]|[1-9][0-9]{3}S[BCE-RT-Z]",
    N_("A postcode is four digits and two letters, such as 7151 AB."),
    "7151 AB",
    upper=True,
    drop=" .-",
)
HOUSE_LETTER = TextFormat(
    "house_letter", "[A-Za-z]", N_("A house letter is one letter, such as A."), "A"
)
HOUSE_ADDITION = TextFormat(
    "house_addition",
    "[0-9A-Za-z]{1,4}",
    N_("An addition has at most four letters or digits, such as bis."),
    "bis",
)


def _bag(name: str, code: str, message: str) -> TextFormat:
    return TextFormat(
        name, f"[0-9]{{4}}{code}[0-9]{{10}}", message, f"1859{code}0000001234", drop=" ."
    )


BAG_UNIT = _bag(
    "bag_unit",
    "01",
    N_("A residential unit number (BAG) has 16 digits, with 01 at place 5 and 6."),
)
BAG_BUILDING = _bag(
    "bag_building", "10", N_("A building number (BAG) has 16 digits, with 10 at place 5 and 6.")
)
BAG_ADDRESS = _bag(
    "bag_address", "20", N_("An address number (BAG) has 16 digits, with 20 at place 5 and 6.")
)
BAG_TOWN = TextFormat("bag_town", "[0-9]{4}", N_("A town number (BAG) has 4 digits."), "1659")
CADASTRAL = TextFormat(
    "cadastral",
    "[A-Za-z0-9 .'()-]+ [A-Z]{1,2} [1-9][0-9]{0,4}( [AG][0-9]{1,4})?",
    N_("Write a parcel as municipality, section and number, such as Eibergen P 1399."),
    "Eibergen P 1399",
)
KVK = TextFormat("kvk", "[0-9]{8}", N_("A KvK number has 8 digits."), "12345678", drop=" .")
ESTABLISHMENT = TextFormat(
    "establishment",
    "[0-9]{12}",
    N_("An establishment number has 12 digits."),
    "000012345678",
    drop=" .",
)
RSIN = TextFormat(
    "rsin",
    "[0-9]{9}",
    N_("This RSIN is not right. It has 9 digits; check for a typing error."),
    "123456782",
    drop=" .",
    also=_is_rsin,
)
SBI = TextFormat("sbi", "[0-9]{2,6}", N_("An SBI code has 2 to 6 digits."), "47110", drop=" .")
POSTCODE4 = TextFormat(
    "postcode4", "[1-9][0-9]{3}", N_("Give the four digits only, such as 7151."), "7151"
)
CBS_AREA = TextFormat(
    "cbs_area",
    "WK[0-9]{6}|BU[0-9]{8}",
    N_("A CBS code is WK and 6 digits, or BU and 8 digits."),
    "WK185901",
    upper=True,
    drop=" ",
)
CBS_MUNICIPALITY = TextFormat(
    "cbs_municipality",
    "GM[0-9]{4}",
    N_("A municipality code is GM and 4 digits, such as GM1859."),
    "GM1859",
    upper=True,
    drop=" ",
)
EMAIL = TextFormat(
    "email",
    "[^@ ]+@[^@ .]+([.][^@ .]+)+",
    N_("An e-mail address looks like name@organisation.nl."),
    "naam@organisatie.nl",
    also=_is_one_word,
)
PHONE = TextFormat(
    "phone",
    "[+]?[0-9]{3,15}",
    N_("A phone number has digits only, with + in front for abroad."),
    "0545123456",
    drop=" -()./",
)
URL = TextFormat(
    "url",
    "https?://[^ ]+",
    N_("A link begins with https://."),
    "https://voorbeeld.nl",
    also=_is_one_word,
)
YEAR = re.compile(r"[0-9]{4}")

_NINE_DIGITS = re.compile(r"(?<![0-9])(?:[0-9][ .]?){8}[0-9](?![0-9])")
_IBAN = re.compile(
    r"\b[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b", re.IGNORECASE
)
_IBAN_LENGTHS = {"NL": 18, "BE": 16, "DE": 22}
"""Of the countries met here: a word that follows the number would else be read as part of it."""


def looks_like_bsn(text: str) -> bool:
    """Whether `text` holds nine digits that pass the elfproef of a BSN."""
    for match in _NINE_DIGITS.finditer(text):
        digits = "".join(letter for letter in match.group() if letter.isdigit())
        if digits != "0" * 9 and _is_rsin(digits):
            return True
    return False


def looks_like_iban(text: str) -> bool:
    """Whether `text` holds an account number whose check digits are right (mod 97)."""
    for match in _IBAN.finditer(text):
        iban = match.group().replace(" ", "").upper()
        iban = iban[: _IBAN_LENGTHS.get(iban[:2])]
        turned = iban[4:] + iban[:4]
        if int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1:
            return True
    return False
