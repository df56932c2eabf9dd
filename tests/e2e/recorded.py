"""A recorded try: two windows side by side, one field edited on both, and the plug pulled.

`python3 dev.py record --out DIR` drives two real programs and a real PostgreSQL on one wide virtual
screen, films it (an animated WebP of the whole screen, four pictures a second, at half size), and
leaves a picture of every step. What is to be seen: who has a record open, both writing in the same
field without a connection, a laptop killed and started again, the question, its answer, and undoing it.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from PIL import Image, ImageGrab

from db.examples import example_records
from db.shared import admin
from db.shared.server_process import PostgresServer
from tests.e2e.laptop import SIZE, Laptop
from tests.e2e.tour import DATABASE, PASSPHRASE
from tests.tools.display import virtual_display

SCREEN = f"{2 * SIZE[0]}x{SIZE[1]}x24"
TITLE = "Speelbos De Maat"
ANNAS, BERTS = (
    "Klimbomen en een waterpomp voor alle kinderen.",
    "Klimbomen en een hut van wilgentenen.",
)
NEW = "Buurtmoestuin Neede Zuid"
FRAME_S = 0.25


class Film:
    """Grabs the screen until it is stopped; equal pictures one after the other are one."""

    def __init__(self, display: str) -> None:
        self._display, self._stop = display, threading.Event()
        self.frames: list[Image.Image] = []
        self.lengths_ms: list[int] = []
        self._thread = threading.Thread(target=self._roll, name="film")

    @contextmanager
    def rolling(self) -> Iterator[None]:
        """Film while the body runs."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()

    def still(self, path: Path) -> None:
        """Leave a picture of the screen as it is now."""
        ImageGrab.grab(xdisplay=self._display).save(path)

    def save(self, path: Path) -> None:
        """Write the film as an animated WebP; pauses over two seconds are cut short."""
        lengths = [min(length, 2_000) for length in self.lengths_ms]
        first, *others = self.frames
        first.save(path, save_all=True, append_images=others, duration=lengths, loop=0, quality=60)

    def _roll(self) -> None:
        last = b""
        while not self._stop.wait(FRAME_S):
            seen = ImageGrab.grab(xdisplay=self._display)
            small = seen.resize((seen.width // 2, seen.height // 2), Image.Resampling.LANCZOS)
            content = small.tobytes()
            if content == last:
                self.lengths_ms[-1] += round(FRAME_S * 1000)
                continue
            last = content
            self.frames.append(small)
            self.lengths_ms.append(round(FRAME_S * 1000))


class Try:
    """The story, step by step."""

    def __init__(self, out: Path, work: Path, server: PostgresServer, film: Film) -> None:
        self.out, self.server, self.film = out, server, film
        self.anna, self.bert = Laptop(work, "anna"), Laptop(work, "bert")
        self.count = 0
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        url = server.url(DATABASE)
        admin.init(url, records=example_records(datetime.now(UTC).date()))
        self.passwords = {
            name: admin.add_person(url, f"Balie {place}", ["counter_clerk"], login=name).password
            for name, place in (("anna", "Rekken"), ("bert", "Neede"))
        }

    def show(self, words: str) -> None:
        """Take a picture and tell what it shows."""
        self.count += 1
        file = f"{self.count:02}-{words.split(':')[0].replace(' ', '-')}.png"
        self.film.still(self.out / file)
        print(f"  {file:36}{words}")

    def begin(self, laptop: Laptop, x: int) -> None:
        """Start for the first time and connect, at one half of the screen."""
        laptop.start()
        place = f"127.0.0.1:{self.server.port}/{DATABASE}"
        laptop.do("write", "Address of the database", place)
        laptop.do("write", "Your name there", laptop.name)
        laptop.do("write", "Password", self.passwords[laptop.name])
        laptop.do("write", "Passphrase", PASSPHRASE)
        laptop.do("write", "The same again", PASSPHRASE)
        laptop.do("click", "Go on")
        laptop.do("see", "Everything is synchronised.")
        self.settle(laptop, x)

    def settle(self, laptop: Laptop, x: int) -> None:
        """Put the window in its place, with its map drawn."""
        laptop.do("see_map")
        laptop.do("resize", *SIZE)
        laptop.do("move", x, 0)

    def find(self, laptop: Laptop) -> None:
        laptop.do("key", "Ctrl+K")
        laptop.do("type", "speelbos maat")
        laptop.do("row", TITLE)

    def live(self) -> None:
        """What one saves, the other sees; and who has it open."""
        anna, bert = self.anna, self.bert
        for laptop in (anna, bert):
            self.find(laptop)
        self.show("both: the same initiative is open on two laptops")
        anna.do("key", "F2")
        bert.do("see", "Balie Rekken bewerkt dit")
        self.show("hint: Neede sees that Rekken is editing it")
        anna.do("write", "Summary", "Klimbomen voor alle kinderen.")
        anna.do("key", "Ctrl+S")
        bert.do("see", "Klimbomen voor alle kinderen.")
        self.show("live: saved in Rekken, seen in Neede")

    def pull_the_plug(self) -> None:
        """No connection; both write in the same field, and one laptop dies while typing."""
        anna, bert = self.anna, self.bert
        self.server.crash()
        for laptop in (anna, bert):
            laptop.do("key", "F9")
            laptop.do("see", "No connection")
        self.show("plug pulled: both go on working")
        for laptop, words in ((anna, ANNAS), (bert, BERTS)):
            laptop.do("key", "F2")
            laptop.do("write", "Summary", words)
            laptop.do("key", "Ctrl+S")
            laptop.do("see", words)
        self.show("both wrote: the same field, saved on both laptops")
        bert.do("key", "Ctrl+N")
        bert.do("write", "Title", NEW)
        bert.do("see", "Draft kept at %(time)s\non this laptop")
        bert.kill()
        self.show("killed: the laptop of Neede is gone while typing")

    def start_again(self) -> None:
        """The connection is back, Rekken sends; Neede finds every letter again."""
        anna, bert = self.anna, self.bert
        self.server.restart()
        anna.do("key", "F9")
        anna.do("see", "Everything is synchronised.")
        bert.start()
        bert.do("write", "Passphrase", PASSPHRASE)
        bert.do("click", "Open")
        bert.do("see", NEW)
        self.settle(bert, SIZE[0])
        bert.do("click", "Go on")
        assert bert.do("value", "Title") == NEW
        self.show("restarted: the half typed form is there again")
        bert.do("key", "Ctrl+S")

    def resolve(self) -> None:
        """Neede is asked, chooses with one key, and both hold the same."""
        anna, bert = self.anna, self.bert
        bert.do("key", "F9")
        bert.do("see", "Samenvoegen, 1")
        bert.do("menu", "&Synchronise", "&Merge double edits")
        bert.do("see", "Choose what stays.")
        self.show("asked: both values side by side")
        bert.do("key", "1")
        self.show("chosen: one key takes the value of Rekken")
        bert.do("key", "Ctrl+Return")
        bert.do("see", "No double edits")
        bert.do("key", "F9")
        bert.do("see", "Everything is synchronised.")
        self.find(anna)
        anna.do("see", ANNAS)
        self.show("resolved: both hold the same, the other value is in the history")

    def run(self) -> None:
        """Take every step; the laptops are closed as a user does."""
        try:
            self.begin(self.anna, 0)
            self.begin(self.bert, SIZE[0])
            for step in (self.live, self.pull_the_plug, self.start_again, self.resolve):
                step()
            for laptop in (self.anna, self.bert):
                laptop.close()
        finally:
            for laptop in (self.anna, self.bert):
                laptop.abandon()


def record(out: Path) -> Path:
    """Record the try; return the film."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    made = out / "two-laptops.webp"
    with (
        tempfile.TemporaryDirectory(prefix="naoberkaart-try-", ignore_cleanup_errors=True) as work,
        virtual_display(SCREEN) as display,
        PostgresServer() as server,
        on_screen(display),
    ):
        film = Film(display)
        story = Try(out, Path(work), server, film)
        with film.rolling():
            story.run()
        film.save(made)
    return made


@contextmanager
def on_screen(display: str) -> Iterator[None]:
    """Have the programs open their windows on this screen."""
    before = {name: os.environ.get(name) for name in ("DISPLAY", "QT_QPA_PLATFORM")}
    os.environ.update(DISPLAY=display, QT_QPA_PLATFORM="xcb")
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def main(arguments: list[str] | None = None) -> int:
    """Record the try and say where the film is."""
    parser = argparse.ArgumentParser(prog="dev.py record", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("tests/out/record"), metavar="DIR")
    out = parser.parse_args(arguments).out.resolve()
    started = time.monotonic()
    film = record(out)
    size_mb = film.stat().st_size / 1e6
    print(f"Done in {time.monotonic() - started:.0f} s. The film ({size_mb:.1f} MB):\n  {film}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
