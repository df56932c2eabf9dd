"""The guided tour of the main job, in the real program: two laptops and a real PostgreSQL.

`dev.py run` shows it on a machine without a display, `dev.py tour --out DIR` anywhere, and
`test_tour.py` runs it as the end-to-end test. Every step presses keys and clicks as a user does
(`tests.e2e.hands`), and leaves a picture of the window as it then stands.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from db.examples import example_records
from db.shared import admin
from db.shared.server_process import PostgresServer
from tests.e2e.laptop import SIZE, Laptop

DATABASE = "naoberkaart"
PASSPHRASE = "naobers helpen elkaar"
PLACE = (6.6935, 52.0705)
"""Lon, lat of a field south of Rekken where no example stands."""
TITLE = "Picknickplek aan de Berkel"
OTHER = "Speelbos De Maat"
"""An example that the search leaves out."""
BEFORE = "Twee tafels bij het water"
ANNAS, BERTS = "Drie tafels en een rolstoelpad", "Twee tafels en een laadpaal"


@dataclass
class Tour:
    """Where the tour is, and what it showed."""

    out: Path
    work: Path
    server: PostgresServer
    say: Callable[[str], None]
    shown: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.anna, self.bert = Laptop(self.work, "anna"), Laptop(self.work, "bert")
        self.people: dict[str, admin.NewPerson] = {}

    def show(self, laptop: Laptop, name: str, words: str) -> None:
        """Take a picture of a laptop's window and tell what it shows."""
        file = f"{len(self.shown) + 1:02}-{name}.png"
        laptop.do("grab", str(self.out / file))
        self.shown.append((file, words))
        self.say(f"  {file:38}{words}")

    # The steps, in order

    def set_up_database(self) -> None:
        """An administrator sets up the shared database with example data and two people."""
        with psycopg.connect(self.server.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        url = self.server.url(DATABASE)
        admin.init(url, records=example_records(datetime.now(UTC).date()))
        for name in ("Anna Voorbeeld", "Bert Voorbeeld"):
            login = name.split()[0].lower()
            self.people[login] = admin.add_person(url, name, ["counter_clerk"], login=login)

    def first_start(self, laptop: Laptop) -> None:
        """Start for the first time, and connect to the municipality."""
        laptop.start()
        laptop.do("see", "Welcome to Naoberkaart")
        if laptop is self.anna:
            self.show(laptop, "first-start", "the first start asks how to begin")
        place = f"127.0.0.1:{self.server.port}/{DATABASE}"
        laptop.do("write", "Address of the database", place)
        laptop.do("write", "Your name there", laptop.name)
        laptop.do("write", "Password", self.people[laptop.name].password)
        laptop.do("write", "Passphrase", PASSPHRASE)
        laptop.do("write", "The same again", PASSPHRASE)
        laptop.do("click", "Go on")
        laptop.do("see", "Everything is synchronised.")
        laptop.do("see_map")
        laptop.do("resize", *SIZE)

    def record_on_the_map(self) -> None:
        """Click the map where something is going to be, and begin to type."""
        anna = self.anna
        self.show(anna, "shared-records", "Anna sees what the municipality has, list and map alike")
        anna.do("click_map", *PLACE)
        anna.do("see", "Write down something here?")
        self.show(anna, "click-on-the-map", "a click on an empty place offers to write it down")
        anna.do("click", "New initiative")
        anna.do("see", "Who, what and where? The rest can wait.")
        anna.do("write", "Title", TITLE)
        anna.do("see", "Draft kept at %(time)s\non this laptop")
        self.show(anna, "half-typed", "half typed; the village follows from the place")

    def survive_a_crash(self) -> None:
        """The process is killed with the form half typed; the draft is there again."""
        anna = self.anna
        anna.kill()
        anna.start()
        anna.do("write", "Passphrase", PASSPHRASE)
        anna.do("click", "Open")
        anna.do("see", TITLE)
        anna.do("see_map")
        anna.do("resize", *SIZE)
        self.show(
            anna, "after-the-crash", "killed and started again: the half-typed form is offered"
        )
        anna.do("click", "Go on")
        assert anna.do("value", "Title") == TITLE
        anna.do("click", "More about it")
        anna.do("write", "Summary", BEFORE)
        self.show(anna, "draft-recovered", "every letter is back, and she finishes it")
        anna.do("key", "Ctrl+S")
        anna.do("see", "Everything is synchronised.")
        anna.do("row", TITLE)
        anna.do("see", BEFORE)
        self.show(anna, "recorded", "saved, numbered by the shared database, in list and map")

    def edit_offline(self) -> None:
        """The database goes away; both go on working, in the same field of the same record."""
        self.first_start(self.bert)
        self.find(self.bert)
        self.show(self.bert, "second-laptop", "Bert's laptop has it too; he found it by searching")
        self.server.crash()
        for laptop, words in ((self.anna, ANNAS), (self.bert, BERTS)):
            laptop.do("key", "F9")
            laptop.do("see", "No connection")
            laptop.do("key", "F2")
            laptop.do("write", "Summary", words)
            laptop.do("key", "Ctrl+S")
            laptop.do("see", words)
        self.show(self.anna, "edited-offline", "no connection: Anna's change waits on her laptop")

    def find(self, laptop: Laptop) -> None:
        """Search the initiative and open it."""
        laptop.do("key", "Ctrl+K")
        laptop.do("type", "picknick berkel")
        laptop.do("see_not", OTHER)
        laptop.do("row", TITLE)
        laptop.do("see", BEFORE)

    def come_into_step(self) -> None:
        """The database is back: Anna's change arrives first, Bert's meets it."""
        self.server.restart()
        self.anna.do("key", "F9")
        self.anna.do("see", "Everything is synchronised.")
        self.anna.do("menu", "&Synchronise", "What &waits and what arrived")
        self.anna.do("see", "Arrived")
        self.show(self.anna, "synchronised", "a receipt for every change that arrived")
        self.bert.do("key", "F9")
        self.bert.do("menu", "&Synchronise", "&Merge double edits")
        self.bert.do("see", "Choose what stays.")
        self.show(self.bert, "double-edit", "two changes in the same field: both are shown")

    def decide(self) -> None:
        """Bert writes what both want, and both have it."""
        bert, anna = self.bert, self.anna
        bert.do("key", "1")
        self.show(
            bert, "double-edit-decided", "Bert takes Anna's text; his own stays in the history"
        )
        bert.do("key", "Ctrl+Return")
        bert.do("see", "No double edits")
        bert.do("key", "F9")
        bert.do("see", "Everything is synchronised.")
        anna.do("click", "Initiatives")
        anna.do("row", TITLE)
        anna.do("click", "History")
        anna.do("see", ANNAS)
        self.show(anna, "history", "what happened, in sentences")

    def export(self) -> None:
        """Anna saves the list as GeoJSON."""
        anna, path = self.anna, self.out / "initiatieven.geojson"
        path.unlink(missing_ok=True)
        anna.do("menu", "&File", "Save &list as…")
        anna.do("write_file_name", str(path))
        anna.do("see", path.name)
        self.show(anna, "exported", "the list written as GeoJSON")
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        mine = [one for one in features if one["properties"]["title"] == TITLE]
        assert len(mine) == 1, f"{TITLE} is {len(mine)} times in the export"
        lon, lat = mine[0]["geometry"]["coordinates"]
        assert abs(lon - PLACE[0]) < 0.002, lon
        assert abs(lat - PLACE[1]) < 0.002, lat
        assert mine[0]["properties"]["summary"] == ANNAS

    def run(self) -> None:
        """Take every step; the laptops are closed as a user does."""
        try:
            for step in (
                self.set_up_database,
                lambda: self.first_start(self.anna),
                self.record_on_the_map,
                self.survive_a_crash,
                self.edit_offline,
                self.come_into_step,
                self.decide,
                self.export,
            ):
                step()
            for laptop in (self.anna, self.bert):
                laptop.close()
        finally:
            for laptop in (self.anna, self.bert):
                laptop.abandon()


def take(out: Path, say: Callable[[str], None] = print) -> Tour:
    """Take the tour and leave its pictures and its GeoJSON in `out`."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory(prefix="naoberkaart-tour-", ignore_cleanup_errors=True) as work,
        PostgresServer() as server,
    ):
        tour = Tour(out, Path(work), server, say)
        tour.run()
    return tour


def main(arguments: list[str] | None = None) -> int:
    """Take the tour and say where everything is."""
    parser = argparse.ArgumentParser(prog="dev.py tour", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("tests/out/tour"), metavar="DIR")
    out = parser.parse_args(arguments).out.resolve()
    started = time.monotonic()
    print("A tour of the main job, in the real program with a real PostgreSQL:")
    tour = take(out)
    taken = time.monotonic() - started
    print(
        f"Done in {taken:.0f} s. {len(tour.shown)} pictures of the window are in\n  {out}\n"
        f"and what was exported in\n  {out / 'initiatieven.geojson'}\n"
        "Where there is a display, `python3 dev.py run` opens the program itself and"
        " `python3 dev.py demo` two windows on one database."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
