"""Lines that break: cut at a byte, an answer that gets lost or comes late, a request that does.

Every case has a proxy between the laptop, a process of its own, and the server.
"""

import ssl
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg

from db.shared.server_process import PostgresServer
from tests.certificates import Authority
from tests.proofs.faults.killed import kept_servers, postmaster_of, start_again
from tests.proofs.faults.laptop import Orders, Told, kill, run
from tests.proofs.faults.scene import Case, Scene
from tests.proofs.faults.trial import Row, Trial, heal
from tests.proxy import Proxy

CUTS = 520
"""How many places the line is cut at, of both directions together."""
DENSE = 0.7
"""The part of them that falls before the attachments, which are most of the bytes."""
FIRST_SENT, FIRST_RECEIVED = 9_000, 20_000
"""How many bytes go before the attachments of the scene."""
UNDER_TLS = 9_000
LONG_S = 30
IMPATIENT_S = 0.3


def measured(scene: Scene) -> Proxy:
    """Return the proxy of an undisturbed cycle, with what it counted."""
    with scene.case() as case, Proxy(scene.server.port) as proxy:
        told = run(Orders(str(case.anna), proxy.url(case.anna_url)))
        assert (told.error, told.code) == ("", 0), told
    return proxy


def places(total: int, before_attachments: int, how_many: int) -> list[int]:
    """Return evenly spread places, most of them in the part with the many small messages."""
    dense = int(how_many * DENSE)
    first = [1 + place * before_attachments // dense for place in range(dense)]
    rest, span = how_many - dense, total - before_attachments
    return [*first, *(before_attachments + 1 + place * span // rest for place in range(rest))]


def cut_the_line(trial: Trial) -> None:
    """Cut the line after N bytes in either direction; a sound line finishes."""
    with PostgresServer() as server:
        scene = Scene(server, trial.folder).make()
        whole = measured(scene)
        with trial.row("line cut after N bytes sent") as row:
            chosen = places(whole.sent, FIRST_SENT, CUTS // 2)
            row.note = f"a cycle sends {whole.sent:,} bytes"
            trial.side_by_side(
                trial.chosen(chosen, 6), lambda at: cut_once(scene, row, at, is_sent=True)
            )
        with trial.row("line cut after N bytes received") as row:
            chosen = places(whole.received, FIRST_RECEIVED, CUTS // 2)
            row.note = f"a cycle receives {whole.received:,} bytes"
            trial.side_by_side(
                trial.chosen(chosen, 6), lambda at: cut_once(scene, row, at, is_sent=False)
            )


def cut_under_tls(trial: Trial) -> None:
    """Cut a protected line, its greeting included; TLS ends in a proxy before the server."""
    authority = Authority(trial.folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.certify())
    with PostgresServer() as server:
        scene = Scene(server, trial.folder).make()
        with Proxy(server.port, front=context) as front, trial.row("protected line cut") as row:

            def once(place: int) -> None:
                at, is_sent = abs(place), place > 0
                limit = {"cut_sent" if is_sent else "cut_received": at}
                with scene.case() as case:
                    with Proxy(front.port, **limit) as proxy:
                        url = case.anna_url.replace(f":{server.port}/", f":{proxy.port}/")
                        url += f"?sslmode=verify-full&sslrootcert={authority.root}"
                        told = run(Orders(str(case.anna), url))
                    row.add(
                        heal(scene, case, first=told), f"--step {place}", struck=bool(told.error)
                    )

            both = [sign * at for at in range(20, UNDER_TLS, UNDER_TLS // 30) for sign in (1, -1)]
            trial.side_by_side(trial.chosen(both, 6), once)


def cut_once(scene: Scene, row: Row, at: int, *, is_sent: bool) -> None:
    """Run a cycle over a line that is cut after `at` bytes in one direction."""
    limit = {"cut_sent" if is_sent else "cut_received": at}
    with scene.case() as case:
        with Proxy(scene.server.port, **limit) as proxy:
            told = run(Orders(str(case.anna), proxy.url(case.anna_url)))
        row.add(heal(scene, case, first=told), f"--step {at}", struck=bool(told.error))


def lose_the_answers(trial: Trial) -> None:
    """Kill the server when it has done what was asked and its answer is still on the way."""
    with kept_servers(trial.folder, trial.jobs) as free:
        scene = free.get()
        turns = measured(scene).turns
        free.put(scene)

        def once(turn: int) -> None:
            mine = free.get()
            try:
                with mine.case() as case:
                    told = die_before_the_answer(mine, case, turn)
                    row.add(heal(mine, case, first=told), f"--step {turn}", struck=bool(told.error))
            finally:
                free.put(mine)

        with trial.row("server killed, answer not heard") as row:
            row.note = f"a cycle has {turns} turns, those of logging in among them"
            trial.side_by_side(trial.chosen(range(1, turns + 1), 6), once)


def die_before_the_answer(scene: Scene, case: Case, turn: int) -> Told:
    """Hold the answer of one turn, kill the server when that is committed, and start it again."""
    postmaster = postmaster_of(scene.server)
    with Proxy(scene.server.port, hold_received=turn) as proxy, Laptop(case, proxy) as laptop:
        laptop.wait_for(proxy.held)
        kill([postmaster])
        start_again(scene.server, postmaster)
        proxy.cut()
        return laptop.told.result(LONG_S)


class Laptop:
    """A laptop that runs a cycle beside us; a context manager."""

    def __init__(self, case: Case, proxy: Proxy, patience_s: float = 60.0) -> None:
        self._pool = ThreadPoolExecutor(1)
        orders = Orders(
            str(case.anna), proxy.url(case.anna_url), patience_s=patience_s, timeout_s=2
        )
        self.told: Future[Told] = self._pool.submit(run, orders)

    def __enter__(self) -> "Laptop":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def wait_for(self, event: threading.Event) -> None:
        """Wait until `event`, or until the cycle has ended without it."""
        while not event.wait(0.01) and not self.told.done():
            pass


def come_late(trial: Trial) -> None:
    """Deliver late what was given up, in both directions, and twice what was sent once."""
    with PostgresServer() as server:
        scene = Scene(server, trial.folder).make()
        turns = measured(scene).turns
        chosen = trial.chosen(range(1, turns + 1), 6)
        with trial.row("answer after it was given up") as row:
            trial.side_by_side(chosen, lambda turn: answer_late(scene, row, turn))
        with trial.row("request again, after a later one") as row:
            trial.side_by_side(chosen, lambda turn: ask_late(scene, row, turn))
        with trial.row("two copies of one laptop at once") as row:
            trial.side_by_side(
                range(2 if trial.is_quick else 20), lambda number: send_twice(scene, row, number)
            )


def answer_late(scene: Scene, row: Row, turn: int) -> None:
    """Let the laptop lose its patience, and only then hear the answer."""
    with scene.case() as case:
        with (
            Proxy(scene.server.port, hold_received=turn) as proxy,
            Laptop(case, proxy, IMPATIENT_S) as laptop,
        ):
            told = laptop.told.result(LONG_S)
            proxy.release()
        row.add(heal(scene, case, first=told), f"--step {turn}", struck=bool(told.error))


def ask_late(scene: Scene, row: Row, turn: int) -> None:
    """Hold a request until the laptop has given up and done all of it over another line."""
    with scene.case() as case:
        with (
            Proxy(scene.server.port, hold_sent=turn) as proxy,
            Laptop(case, proxy, IMPATIENT_S) as laptop,
        ):
            told = laptop.told.result(LONG_S)
            run(Orders(str(case.anna), case.anna_url))
            proxy.release()
            wait_until_alone(case)
        row.add(heal(scene, case, first=told), f"--step {turn}", struck=bool(told.error))


def wait_until_alone(case: Case) -> None:
    """Wait until the server has done all that was asked in this database, and closed the links."""
    others = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(case.admin_url, autocommit=True) as admin:
        while admin.execute(others).fetchone() != (0,):
            pass


def send_twice(scene: Scene, row: Row, number: int) -> None:
    """Run the same laptop twice at once, as after the copying of a disk."""
    with scene.case() as case:
        copy = case.anna.with_name("copy.db")
        copy.write_bytes(case.anna.read_bytes())
        with ThreadPoolExecutor(2) as pool:
            both = [
                pool.submit(run, Orders(str(path), case.anna_url)) for path in (case.anna, copy)
            ]
            struck = [job.result() for job in both]
        verdict = heal(scene, case, also=copy)
        verdict.wrong += [one.message for one in struck if one.code or one.error]
        row.add(verdict, f"(run {number})")
