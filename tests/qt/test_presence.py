"""What the window shows of colleagues who edit, and what it lets them know."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from db.fields import Record
from db.shared.live import Editing
from desktop_app.views.main_window import MainWindow
from desktop_app.views.session import Session
from desktop_app.widgets.style import Look
from tests.factories import initiative
from tests.qt.window import a_session, shown

pytestmark = pytest.mark.usefixtures("no_chromium")
PLAN = initiative(title="Dorpsplein Rekken")
OTHER = initiative(title="Speeltuin Haarlo")


@pytest.fixture
def window(qtbot: QtBot, look: Look, tmp_path: Path) -> Iterator[MainWindow]:
    with a_session(tmp_path, PLAN, OTHER) as session:
        yield shown(qtbot, session)


def neede_edits(session: Session, *records: Record) -> None:
    session.presence.show_others(
        {one.id: (Editing(one.ENTITY, one.id, uuid4(), "Balie Neede", 90),) for one in records}
    )


def marks(window: MainWindow) -> dict[str, str]:
    """Return what stands at the right of each row, by title."""
    pane = window.workspace.list
    found = [pane.model.record(row) for row in range(pane.total)]
    rows = [window.session.words.row(one) for one in found if one is not None]
    return {row.title: row.mark.replace("\u00a0", " ") for row in rows}


def test_the_row_and_the_detail_say_who_edits_and_until_when(window: MainWindow) -> None:
    window.open_record("initiative", PLAN.id)
    line = window.workspace.panel.detail.colleagues
    assert not line.isVisible()
    neede_edits(window.session, PLAN)
    assert line.isVisible()
    assert line.accessibleName() == "Balie Neede bewerkt dit initiatief nu."
    assert marks(window) == {
        "Dorpsplein Rekken": "Balie Neede bewerkt dit", "Speeltuin Haarlo": "",
    }  # fmt: skip
    neede_edits(window.session)
    assert not line.isVisible()
    assert set(marks(window).values()) == {""}


def test_another_record_shows_its_own_colleagues(window: MainWindow) -> None:
    neede_edits(window.session, OTHER)
    window.open_record("initiative", PLAN.id)
    line = window.workspace.panel.detail.colleagues
    assert not line.isVisible()
    window.open_record("initiative", OTHER.id)
    assert line.isVisible()


def test_the_form_says_who_else_edits_and_moves_no_field(window: MainWindow) -> None:
    window.open_record("initiative", PLAN.id, edit=True)
    form = window.workspace.panel.form
    assert form.form is not None
    before = form.form.start().mapTo(form, form.form.start().rect().topLeft())
    neede_edits(window.session, PLAN)
    assert form.colleagues.isVisible()
    assert form.colleagues.accessibleName() == "Balie Neede bewerkt dit initiatief nu ook."
    assert form.form.start().mapTo(form, form.form.start().rect().topLeft()) == before


def test_what_is_open_in_the_form_is_told_until_it_closes(window: MainWindow) -> None:
    presence = window.session.presence
    window.open_record("initiative", PLAN.id)
    assert presence.mine == frozenset()
    window.acts.edit()
    assert presence.mine == {("initiative", PLAN.id)}
    window.workspace.panel.form.cancel()
    assert presence.mine == frozenset()


def test_what_is_saved_is_open_no_more(window: MainWindow) -> None:
    window.open_record("initiative", PLAN.id, edit=True)
    form = window.workspace.panel.form
    assert form.draft is not None
    form.draft.set("title", "Dorpsplein Rekken opnieuw")
    assert form.save()
    assert window.session.presence.mine == frozenset()


def test_going_elsewhere_closes_it_too(window: MainWindow) -> None:
    window.open_record("initiative", PLAN.id, edit=True)
    window.go("premises")
    assert window.session.presence.mine == frozenset()


def test_a_new_record_is_nobody_elses_yet(window: MainWindow) -> None:
    window.new("initiative")
    assert window.workspace.panel.mode == "form"
    assert window.session.presence.mine == frozenset()
