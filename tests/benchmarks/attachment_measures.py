"""Photos over a mobile line: bytes and round trips beside the least that is possible, cuts included.

Forty photos of 250 kB with their small pictures, and one document of 8 MB, on a durable PostgreSQL
behind a proxy. The reference of bytes is the payload itself; that of time is the same line with one
`SELECT` that carries as many bytes at once.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from time import perf_counter
from uuid import UUID

import psycopg

from db.errors import Unreachable
from db.local import attaching
from db.reference import reference_kernen
from db.shared import admin
from db.shared.server_process import PostgresServer
from tests.benchmarks.measure import Measure
from tests.benchmarks.sync_scene import DATABASE, Laptop
from tests.factories import attachment, initiative
from tests.proxy import Proxy
from tests.stores import new_store

PHOTOS, PHOTO, PICTURE = 40, 250_000, 10_000
DOCUMENT = 8_000_000
MOBILE_S = 0.04
"""Per direction: a round trip of 80 ms."""
CUTS, STEP = 12, 700_000
_seeds = count(1)


def photos(folder: Path) -> Iterator[Measure]:
    """Measure sending and fetching many, and one large one over a line that keeps breaking."""
    with PostgresServer(is_durable=True) as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        admin.init(server.url(DATABASE), records=reference_kernen())
        sender, receiver = (_laptop(server, folder, name) for name in ("anna", "bram"))
        plan = initiative()
        sender.store.save(plan, None)
        for laptop in (sender, receiver):
            laptop.cycle()
        payload = _attach_photos(sender, plan.id)
        for laptop, way in ((sender, "sent"), (receiver, "fetched")):
            yield from _many(server, laptop, way, payload)
        _attach(sender, plan.id, random.Random(0).randbytes(DOCUMENT), None)
        yield _broken(server, sender, "sent")
        attaching.fetch_everything(receiver.store, is_on=True)
        yield _broken(server, receiver, "fetched")


def _laptop(server: PostgresServer, folder: Path, name: str) -> Laptop:
    person = admin.add_person(server.url(DATABASE), name, ["counter_clerk"], login=f"bench_{name}")
    url = server.url(DATABASE, person.login, person.password)
    return Laptop(new_store(folder / f"{name}.db", me=person.id), url)


def _attach_photos(laptop: Laptop, owner: UUID) -> int:
    for _number in range(PHOTOS):
        content = random.Random(next(_seeds)).randbytes(PHOTO)
        _attach(laptop, owner, content, random.Random(next(_seeds)).randbytes(PICTURE))
    return PHOTOS * (PHOTO + PICTURE)


def _attach(laptop: Laptop, owner: UUID, content: bytes, picture: bytes | None) -> None:
    name = sha256(picture).hexdigest() if picture else None
    made = attachment(content, belongs_to=owner, thumbnail=name)
    attaching.attach(laptop.store, made, [content, *([picture] if picture else [])])


def _many(server: PostgresServer, laptop: Laptop, way: str, payload: int) -> Iterator[Measure]:
    with Proxy(server.port, delay_s=MOBILE_S) as proxy:
        started = perf_counter()
        laptop.cycle(proxy.url(laptop.url))
        took_s = perf_counter() - started
        crossed, turns = proxy.sent + proxy.received, proxy.turns
    assert laptop.store.tally().is_clean
    what = f"{PHOTOS} photos {way}"
    yield Measure(f"{what}: bytes", crossed / 1e6, payload / 1e6, "the photos themselves", "MB", 1)
    yield Measure(f"{what}: round trips", turns, 2 * PHOTOS, "one for each file", "trips", 1)
    yield Measure(f"{what}: 80 ms line", took_s, 2 * PHOTOS * 2 * MOBILE_S, "one trip each", "s", 1)


def _broken(server: PostgresServer, laptop: Laptop, way: str) -> Measure:
    """Cut the line again and again in the middle of one file; count what crossed in all."""
    crossed = 0
    limit = "cut_sent" if way == "sent" else "cut_received"
    for _cut in range(CUTS):
        with Proxy(server.port, **{limit: STEP}) as proxy:
            with suppress(Unreachable):
                laptop.cycle(proxy.url(laptop.url))
            crossed += proxy.sent if way == "sent" else proxy.received
    with Proxy(server.port) as proxy:
        laptop.cycle(proxy.url(laptop.url))
        crossed += proxy.sent if way == "sent" else proxy.received
    assert laptop.store.tally().is_clean
    name = f"8 MB {way}, cut every {STEP / 1e6:.1f} MB: bytes"
    return Measure(name, crossed / 1e6, DOCUMENT / 1e6, "the file itself", "MB", 1)
