"""Who edits a record elsewhere, in the words of the guide."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from db.entities import ENTITIES
from db.local.state import RecordState
from db.shared.live import Editing
from desktop_app import i18n
from desktop_app.services.presence_text import THIS, editing_line, editing_mark
from desktop_app.services.row_words import RowWords
from tests.factories import initiative

ME = uuid4()


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    i18n.use("nl")
    yield
    i18n.use("en")


def someone(name: str, person: UUID | None = None) -> Editing:
    return Editing("initiative", uuid4(), person or uuid4(), name, 90)


def test_both_edit_the_same_record() -> None:
    words = editing_line("initiative", [someone("Balie Neede")], ME, also_here=True)
    assert words == "Balie Neede bewerkt dit initiatief nu ook."


def test_one_reads_what_others_edit() -> None:
    others = [someone("Balie Neede"), someone("Balie Borculo"), someone("Kerncontact Rekken")]
    words = editing_line("plot", others, ME, also_here=False)
    assert words == "Balie Neede, Balie Borculo en Kerncontact Rekken bewerken deze kavel nu."


def test_a_person_on_two_laptops_is_named_once() -> None:
    anna = uuid4()
    others = [someone("Anna", anna), someone("Anna", anna)]
    assert editing_line("kern", others, ME, also_here=False) == "Anna bewerkt deze kern nu."


def test_ones_own_other_laptop_is_called_so() -> None:
    words = editing_line("premises", [someone("Anna", ME)], ME, also_here=True)
    assert words == "U bewerkt dit pand ook op een andere laptop."
    assert editing_mark([someone("Anna", ME)], ME) == "open op uw andere laptop"


def test_nobody_is_nothing() -> None:
    assert editing_line("initiative", [], ME, also_here=True) == ""
    assert editing_mark([], ME) == ""


def test_a_row_has_room_for_a_name_or_a_number() -> None:
    assert editing_mark([someone("Balie Neede")], ME).split() == "Balie Neede bewerkt dit".split()
    assert editing_mark([someone("A"), someone("B")], ME) == "2 mensen bewerken dit"
    long = editing_mark([someone("Marieke van den Berg-Wolterink")], ME)
    assert "…" in long
    assert len(long) < 32


def test_every_form_has_its_own_words() -> None:
    assert THIS.keys() == ENTITIES.keys() - {"staff", "attachment"}


def test_the_row_says_it_unless_a_choice_is_asked() -> None:
    plan = initiative()
    words = RowWords(lambda _entity, _id: "")
    words.editing = {plan.id: "Balie Neede bewerkt dit"}
    assert words.row(plan).mark == "Balie Neede bewerkt dit"
    words.states = {plan.id: RecordState.WAITING}
    assert words.row(plan).mark == "Balie Neede bewerkt dit"
    words.states = {plan.id: RecordState.CONFLICT}
    assert words.row(plan).mark == "kies waarde"
