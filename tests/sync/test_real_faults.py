"""A sample of `dev.py prove faults` and `prove failover`: real processes, a real PostgreSQL.

The judge of those proofs is judged as well: it must see what it is there for.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.shared.server_process import PostgresServer
from tests.proofs import failover
from tests.proofs.faults.__main__ import KINDS
from tests.proofs.faults.judge import Verdict, of_store
from tests.proofs.faults.laptop import CAN_STRIKE, KEY, Orders, run
from tests.proofs.faults.scene import Case, Scene
from tests.proofs.faults.trial import Trial, heal

sqlcipher = pytest.importorskip("sqlcipher3.dbapi2")
pytestmark = pytest.mark.skipif(not CAN_STRIKE, reason="the proofs need Linux")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_loses_and_doubles_nothing(kind: str, tmp_path: Path) -> None:
    trial = Trial(tmp_path, is_quick=True)
    KINDS[kind](trial)
    assert trial.problems == []
    if not any(row.note and not row.cases for row in trial.rows):
        assert sum(row.cases for row in trial.rows) > 0


@pytest.mark.slow
def test_a_standby_takes_over_without_losing_a_receipt(tmp_path: Path) -> None:
    trial = Trial(tmp_path, is_quick=True)
    failover.prove(trial)
    assert trial.problems == []


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Give the work every case begins with, on a server of its own."""
    with PostgresServer() as server:
        yield Scene(server, tmp_path_factory.mktemp("scene")).make()


@pytest.fixture
def case(scene: Scene) -> Iterator[Case]:
    """Give a fresh copy, after one undisturbed cycle of Anna's."""
    with scene.case() as found:
        assert run(Orders(str(found.anna), found.anna_url)).error == ""
        yield found


def test_a_laptop_that_is_killed_between_two_statements_goes_on(scene: Scene) -> None:
    """The few steps at which most can go wrong: round the first push, and before a commit."""
    with scene.case() as whole:
        steps = run(Orders(str(whole.anna), whole.anna_url)).steps
    on_its_way = [n for n, name in enumerate(steps, 1) if name == "line: on its way"]
    commits = [n for n, name in enumerate(steps, 1) if name == "store: COMMIT"]
    for step in (on_its_way[1], on_its_way[1] + 1, commits[len(commits) // 2]):
        with scene.case() as struck:
            told = run(Orders(str(struck.anna), struck.anna_url, kill_at=step))
            assert told.code == -9
            assert heal(scene, struck, first=told).is_good


def spoil(case: Case, statement: str) -> None:
    """Do what must never happen, behind everybody's back."""
    with psycopg.connect(case.admin_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement)  # type: ignore[arg-type]


def spoil_store(case: Case, statement: str) -> None:
    connection = sqlcipher.connect(str(case.anna), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute(statement)
    connection.close()


def judged(scene: Scene, case: Case) -> Verdict:
    return heal(scene, case)


def test_the_judge_sees_a_receipt_that_was_lost(scene: Scene, case: Case) -> None:
    [row, *_] = of_store(case.anna, "SELECT change_id FROM outbox WHERE state = 'stored'")
    spoil(case, f"DELETE FROM naoberkaart.receipt WHERE change_id = '{row['change_id']}'")
    assert judged(scene, case).lost


def test_the_judge_sees_a_change_that_was_stored_twice(scene: Scene, case: Case) -> None:
    spoil(
        case,
        "INSERT INTO naoberkaart.change_log SELECT municipality, seq + 1000000, change_id, entity,"
        " record_id, kind, person, made_at, applied_at, device_id, is_personal, fields"
        " FROM naoberkaart.change_log WHERE change_id IS NOT NULL LIMIT 1",
    )
    assert judged(scene, case).doubled


def test_the_judge_sees_a_change_without_a_receipt(scene: Scene, case: Case) -> None:
    spoil_store(case, "UPDATE outbox SET receipt = NULL WHERE state = 'stored'")
    assert judged(scene, case).wrong


def test_the_judge_sees_a_change_that_left_the_outbox(scene: Scene, case: Case) -> None:
    spoil_store(case, "DELETE FROM outbox WHERE position = (SELECT min(position) FROM outbox)")
    assert judged(scene, case).lost
