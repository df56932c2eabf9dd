"""Laptops in any order of edits, faults and retries: on the memory server, and on a real PostgreSQL."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from db.reference import reference_kernen
from db.shared import admin
from db.shared.connecting import Address
from db.shared.memory import MemoryServer
from db.shared.postgres import PostgresDatabase
from db.shared.protocol import SharedDatabase
from db.shared.server_process import PostgresServer
from tests.postgres import add_person, fresh_database
from tests.sync.machine import SyncMachine

ROLES = ("counter_clerk",)


def memory_people() -> list[SharedDatabase]:
    """Return the connections of four laptops to a fresh database in memory."""
    server = MemoryServer()
    server.store(reference_kernen())
    people = [server.add_person(f"Balie {n}", ROLES) for n in range(3)]
    return [server.connect(person) for person in (*people, people[0])]


def machine_settings(examples: int, steps: int) -> settings:
    """Return Hypothesis settings; every example makes real encrypted stores, so they are few."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


class MemoryMachine(SyncMachine):
    """The machine on the memory server."""

    people = staticmethod(memory_people)


def test_laptops_and_memory_server_come_into_step() -> None:
    """Whatever happens in between, nothing is lost and all end up equal."""
    run_state_machine_as_test(MemoryMachine, settings=machine_settings(12, 20))


def test_laptops_and_postgresql_come_into_step(postgres_server: PostgresServer) -> None:
    """The same on the real thing."""
    logins: list[admin.NewPerson] = []

    def people() -> list[SharedDatabase]:
        url = fresh_database(postgres_server)
        logins[:] = [add_person(url, f"machine{n}", ROLES) for n in range(3)]
        database = url.rpartition("/")[2]
        urls = [
            postgres_server.url(database, person.login, person.password)
            for person in (*logins, logins[0])
        ]
        return [PostgresDatabase(Address(personal)) for personal in urls]

    machine = type("PostgresMachine", (SyncMachine,), {"people": staticmethod(people)})
    run_state_machine_as_test(machine, settings=machine_settings(3, 20))
