"""What the window hears of sync: nothing that flickers, what stands still, and what asks for a person."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from pytestqt.qtbot import QtBot

from db.errors import Refused, Unreachable
from db.local.store import LocalStore
from db.shared.connecting import Address
from db.shared.live import Editing
from db.sync.progress import FileStep, Step
from desktop_app.background.change_bus import ChangeBus
from desktop_app.background.jobs import InlineJobRunner
from desktop_app.background.presence import Presence
from desktop_app.background.sync_state import SyncPhase, SyncState
from desktop_app.profile import Profile
from desktop_app.services.sync_text import SyncNow
from desktop_app.syncing import Syncing, sync_now_of
from tests.contract.changes import made, push
from tests.factories import initiative
from tests.postgres import PostgresSide
from tests.stores import new_store

MANY = 25


@pytest.fixture
def presence() -> Presence:
    return Presence()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    opened = new_store(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def syncing(tmp_path: Path, store: LocalStore, presence: Presence) -> Iterator[Syncing]:
    bus = ChangeBus(store)
    made = Syncing(Profile(tmp_path), store, bus, InlineJobRunner(), presence)
    yield made
    made.stop()
    bus.close()


@pytest.fixture
def told(syncing: Syncing) -> list[SyncNow]:
    heard: list[SyncNow] = []
    syncing.told.connect(heard.append)
    return heard


@pytest.fixture
def address(real_side: PostgresSide) -> Address:
    person, database = real_side.add("Anna", "counter_clerk")
    push(database, *(made(initiative()) for _number in range(MANY)))
    return Address(real_side.personal_url(person))


def until(qtbot: QtBot, told: list[SyncNow], phase: str) -> SyncNow:
    qtbot.waitUntil(lambda: bool(told) and told[-1].phase == phase, timeout=20_000)
    return told[-1]


def test_who_asks_for_it_sees_that_it_is_done(
    qtbot: QtBot, syncing: Syncing, told: list[SyncNow], address: Address
) -> None:
    syncing.start(address)
    until(qtbot, told, "quiet")
    told.clear()
    assert syncing.sync_now()
    until(qtbot, told, "quiet")
    assert told[0].phase == "working"


def test_a_database_that_is_suddenly_empty_waits_for_a_person(
    qtbot: QtBot,
    syncing: Syncing,
    told: list[SyncNow],
    address: Address,
    real_side: PostgresSide,
    store: LocalStore,
) -> None:
    syncing.start(address)
    until(qtbot, told, "quiet")
    with psycopg.connect(real_side.url, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(
            "DELETE FROM naoberkaart.initiative WHERE municipality = %s", (real_side.municipality,)
        )
    syncing.sync_now()
    assert until(qtbot, told, "refused").reason == "emptied"
    assert store.counts()["initiative"] == MANY
    syncing.accept_emptied()
    until(qtbot, told, "quiet")
    assert store.counts()["initiative"] == MANY


def test_what_stood_open_is_told_to_a_connection_that_is_new(
    qtbot: QtBot,
    syncing: Syncing,
    told: list[SyncNow],
    address: Address,
    real_side: PostgresSide,
    presence: Presence,
    store: LocalStore,
) -> None:
    _, his = real_side.add("Bram", "counter_clerk")
    page = his.pull(0)
    plan = next(row for row in page.rows if row["entity"] == "initiative")
    presence.set_mine(frozenset({("initiative", plan["id"])}))
    syncing.start(address)
    until(qtbot, told, "quiet")
    seen: list[Editing] = []

    def is_seen() -> bool:
        seen[:] = his.share_editing(uuid4(), [])
        return bool(seen)

    qtbot.waitUntil(is_seen, timeout=20_000)
    assert seen[0].name == "Anna"
    presence.set_mine(frozenset())
    qtbot.waitUntil(lambda: not is_seen(), timeout=20_000)


def test_no_connection_means_no_hints(
    qtbot: QtBot, syncing: Syncing, told: list[SyncNow], address: Address, presence: Presence
) -> None:
    syncing.start(address)
    until(qtbot, told, "quiet")
    record = uuid4()
    presence.show_others({record: (Editing("initiative", record, uuid4(), "Bram", 90),)})
    with qtbot.waitSignal(presence.others_changed):
        syncing.stop()
    assert presence.everyone == {}


def test_the_words_get_what_blocks_and_how_far_it_is() -> None:
    since = datetime.now(UTC) - timedelta(minutes=2)
    step = Step("photos", 1, 3, FileStep("ab" * 32, 1_000, 5_000))
    now = sync_now_of(SyncState(SyncPhase.WORKING, step, stalled_since=since))
    assert (now.phase, now.step, now.done, now.total) == ("working", "photos", 1, 3)
    assert now.files == {"ab" * 32: 1_000}
    assert now.stalled_s() >= 120
    refused = sync_now_of(SyncState(SyncPhase.REFUSED, error=Refused("Nee", reason="emptied")))
    assert refused.reason == "emptied"
    assert sync_now_of(SyncState(SyncPhase.OFFLINE, error=Unreachable("Weg"))).reason == ""
