"""Two windows on one PostgreSQL: who edits is seen at the other counter, and what is saved is there."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.entities.initiative import Initiative
from db.shared.connecting import Address
from desktop_app.profile import Profile
from desktop_app.syncing import Syncing
from desktop_app.views.main_window import MainWindow
from desktop_app.widgets.style import Look
from tests.contract.changes import made, push_one
from tests.factories import REKKEN, initiative
from tests.postgres import PostgresSide
from tests.proxy import Proxy
from tests.qt.window import a_session, shown

pytestmark = pytest.mark.usefixtures("no_chromium")
PLAN = initiative(title="Dorpsplein Rekken", kern=REKKEN)

OpenWindow = Callable[[str, Proxy | None], MainWindow]


@pytest.fixture
def open_window(
    qtbot: QtBot, look: Look, tmp_path: Path, real_side: PostgresSide
) -> Iterator[OpenWindow]:
    _, database = real_side.add("Beheer", "counter_clerk")
    push_one(database, made(PLAN))
    with ExitStack() as open_ones:

        def make(name: str, line: Proxy | None = None) -> MainWindow:
            person, _ = real_side.add(name, "counter_clerk")
            url = real_side.personal_url(person)
            folder = tmp_path / name
            folder.mkdir()
            session = open_ones.enter_context(a_session(folder))
            window = shown(qtbot, session)
            syncing = Syncing(
                Profile(folder), session.store, session.bus, session.jobs, session.presence
            )
            syncing.told.connect(window.show_sync)
            open_ones.callback(syncing.stop)
            syncing.start(Address(line.url(url) if line else url))
            qtbot.waitUntil(lambda: "Dorpsplein Rekken" in marks(window), timeout=20_000)
            return window

        yield make


def marks(window: MainWindow) -> dict[str, str]:
    """Return what stands at the right of each row, by title."""
    model, words = window.workspace.list.model, window.session.words
    rows = [words.row(one) for one in model.loaded()]
    return {row.title: row.mark.replace("\u00a0", " ") for row in rows}


def test_a_form_here_is_a_mark_and_a_line_there(qtbot: QtBot, open_window: OpenWindow) -> None:
    eibergen, neede = open_window("Balie-Eibergen", None), open_window("Balie-Neede", None)
    neede.open_record("initiative", PLAN.id, edit=True)
    eibergen.open_record("initiative", PLAN.id, edit=True)
    line = neede.workspace.panel.form.colleagues
    qtbot.waitUntil(line.isVisible, timeout=20_000)
    assert line.accessibleName() == "Balie-Eibergen bewerkt dit initiatief nu ook."
    form = eibergen.workspace.panel.form
    assert form.draft is not None
    form.draft.set("summary", "Bankjes en bomen.")
    assert form.save()
    qtbot.waitUntil(line.isHidden, timeout=20_000)
    qtbot.waitUntil(lambda: _summary_in_form(neede) == "Bankjes en bomen.", timeout=20_000)


def _summary_in_form(window: MainWindow) -> str | None:
    draft = window.workspace.panel.form.draft
    assert draft is not None
    assert isinstance(draft.ours, Initiative)
    return draft.ours.summary


def test_a_line_that_breaks_takes_the_hint_and_nothing_else(
    qtbot: QtBot, open_window: OpenWindow, real_side: PostgresSide
) -> None:
    with Proxy(real_side.server.port) as line:
        eibergen, neede = open_window("Balie-Eibergen", None), open_window("Balie-Neede", line)
        eibergen.open_record("initiative", PLAN.id, edit=True)
        qtbot.waitUntil(
            lambda: marks(neede) == {"Dorpsplein Rekken": "Balie-Eibergen bewerkt dit"},
            timeout=20_000,
        )
        line.cut_sent = 0
        line.cut()
        qtbot.waitUntil(lambda: marks(neede) == {"Dorpsplein Rekken": ""}, timeout=20_000)
        known = neede.session.store.get("initiative", PLAN.id)
        assert isinstance(known, Initiative)
        neede.session.store.save(dataclasses.replace(known, title="Plein Rekken"), known)
        line.cut_sent = None
        qtbot.waitUntil(lambda: "Plein Rekken" in marks(eibergen), timeout=20_000)
