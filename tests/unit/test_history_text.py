"""The history reads as sentences, whatever was changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.codec import to_json
from db.entities import ENTITIES
from db.fields import fields_of
from db.geometry import Geometry
from db.local.journal import HistoryLine
from desktop_app import i18n
from desktop_app.services.history_text import history_texts

AT = datetime(2027, 3, 12, 8, 14, tzinfo=UTC)
BALIE = UUID(int=5)
REKKEN = UUID(int=6)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("nl")


def line(kind: str = "edit", entity: str = "initiative", /, **fields: tuple) -> HistoryLine:
    return HistoryLine(uuid4(), uuid4(), entity, kind, BALIE, AT, fields, True)


def told(kind: str = "edit", entity: str = "initiative", /, **fields: tuple) -> str:
    texts = history_texts(
        [line(kind, entity, **fields)],
        names=lambda _entity, record: "Rekken" if record == REKKEN else "",
        staff=lambda _id: "balie Eibergen",
        at=AT,
    )
    return texts[0].sentence.replace(i18n.NBSP, " ")


def test_a_step_of_phase() -> None:
    assert (
        told(phase=("idea", "plan")) == "12 Mar 09:14, balie Eibergen: phase from *idea* to *plan*"
    )


def test_in_dutch() -> None:
    i18n.use("nl")
    assert told(phase=("idea", "plan")).startswith("12 mrt 09:14, balie Eibergen: ")


def test_who_brought_it_is_named_beside_who_made_it() -> None:
    i18n.use("nl")
    names = {BALIE: "balie Rekken", REKKEN: "balie Neede"}
    for bringer, told_who in (
        (REKKEN, "balie Rekken, bezorgd door balie Neede"),
        (BALIE, "balie Rekken"),
    ):
        brought = replace(line(phase=("idea", "plan")), delivered_by=bringer)
        text = history_texts([brought], staff=lambda key: names[key], at=AT)[0]
        assert text.who == told_who
        assert text.short.startswith(f"09:14 · {told_who}: ")


def test_another_year_is_named() -> None:
    texts = history_texts([line(phase=("idea", "plan"))], at=AT.replace(year=2029))
    assert texts[0].day.replace(i18n.NBSP, " ") == "12 Mar 2027"


def test_filled_in_and_emptied() -> None:
    assert told(budget_total=(None, 125000)).endswith("total budget filled in: *€1,250*")
    assert told(summary=("Oud", None)).endswith("summary emptied, was *Oud*")


def test_themes_come_and_go() -> None:
    text = told(themes=(["sport", "green"], ["energy", "sport"]))
    assert text.endswith(
        "themes: *Energy and sustainability* added, *Green and landscape* taken out"
    )


def test_references_are_named() -> None:
    assert told(kern=(None, str(REKKEN))).endswith("village filled in: *Rekken*")
    assert told(kern=(None, str(UUID(int=9)))).endswith("*unknown record*")


def test_a_moved_place() -> None:
    old, new = Geometry.point(246673, 457058), Geometry.point(246734, 456997)
    text = told(geometry=(old.to_json(), new.to_json()))
    assert text.endswith("place on the map moved, 86 m to the southeast")


def test_a_long_text_is_shown_where_it_changed() -> None:
    old = "Een heel lang verhaal over het plein. " * 5
    text = told(description=(old, old + "Met een fontein."))
    assert "Met een fontein." in text
    assert len(text) < 130


def test_made_deleted_restored() -> None:
    assert told("create").endswith(": made")
    assert told("delete").endswith(": deleted")
    assert told("restore").endswith(": restored")


def test_both_sides_of_a_double_edit_are_told() -> None:
    assert "*Hun* stayed, *Mijn* is kept here" in told("conflict", title=("Hun", "Mijn"))
    assert "*Hun* chosen over *Mijn*" in told("took_theirs", title=("Mijn", "Hun"))


def test_a_field_of_a_newer_version_is_named() -> None:
    assert "newer version (co2)" in told(co2=(1, 2))


def test_an_asterisk_in_a_value_is_no_emphasis() -> None:
    assert told(title=("a*b", "c")).count("*") == 4


def test_an_edit_can_be_put_back() -> None:
    texts = history_texts([line(phase=("idea", "plan"))])
    assert texts[0].values == {"phase": "idea"}
    assert history_texts([line("create")])[0].values == {}


SPECS = [(e, s) for e, cls in ENTITIES.items() for s in fields_of(cls).values()]


@given(st.sampled_from(SPECS), st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text())))
def test_no_value_of_another_version_breaks_the_history(case: tuple, value: object) -> None:
    entity, spec = case
    empty = to_json(spec, frozenset() if spec.kind.is_collection else None)
    assert told("edit", entity, **{spec.name: (empty, value)})


def test_a_deletion_met_by_an_edit_is_told_in_words() -> None:
    """No technical name of a field ever reaches the history."""
    assert "one deleted it while the other changed it" in told("conflict", deleted=(True, False))


def test_what_was_taken_back_does_not_read_as_a_change() -> None:
    assert told("taken_back", phase=("idea", "plan")).endswith(
        "taken back: phase from *idea* to *plan*"
    )
    assert told("reopened", title=("Mijn", "Hun")).endswith(
        "the choice about title was opened again"
    )


def test_what_gave_way_can_be_put_back() -> None:
    texts = history_texts([line("took_theirs", title=("Mijn", "Hun"), deleted=(None, True))], at=AT)
    assert texts[0].values == {"title": "Mijn"}
