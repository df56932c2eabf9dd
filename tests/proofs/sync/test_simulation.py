"""The proof of synchronisation in small: a few seeds on both servers, and its own tools."""

from functools import partial

from db.shared.server_process import PostgresServer
from tests.proofs.sync.actions import plan_of
from tests.proofs.sync.ledger import check
from tests.proofs.sync.servers import Postgres, templates_on
from tests.proofs.sync.shrinking import smallest
from tests.proofs.sync.simulation import run


def test_promises_are_kept_on_the_memory_server() -> None:
    """More seeds: `python3 dev.py prove sync`."""
    for seed in range(1, 7):
        assert check(run(plan_of(seed, 40)).to_json()) == []


def test_promises_are_kept_on_postgresql(postgres_server: PostgresServer) -> None:
    """The same on the real thing."""
    on_postgres = partial(Postgres, server=postgres_server, templates=templates_on(postgres_server))
    for seed in range(101, 103):
        assert check(run(plan_of(seed, 30), on_postgres).to_json()) == []


def test_a_seed_decides_everything() -> None:
    """What failed once can be done again."""
    assert plan_of(7, 50) == plan_of(7, 50)
    assert plan_of(7, 50) != plan_of(8, 50)


def test_a_failing_list_is_made_small() -> None:
    """Only what is needed for the failure is left."""
    actions = [{"do": str(number)} for number in range(40)]

    def fails(some: list[dict[str, str]]) -> bool:
        return {"do": "3"} in some and {"do": "31"} in some

    assert smallest(actions, fails) == [{"do": "3"}, {"do": "31"}]


def test_what_hangs_on_an_action_is_left_out_as_well() -> None:
    """A fault that does not matter is no part of the story."""
    actions = [{"do": "sync", "faults": {"1": "after"}, "kill_at": 3}]
    assert smallest(actions, lambda some: bool(some)) == [{"do": "sync"}]
