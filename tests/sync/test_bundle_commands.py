"""A stick from one counter to the other, by the command line alone, against a real PostgreSQL."""

import json
from pathlib import Path

from tests.sync.test_commands import database, laptops
from tests.unit.test_command_line import PLEIN, Laptop

__all__ = ["database", "laptops"]


def test_neede_delivers_what_rekken_could_not_send(
    laptops: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    neede, rekken = laptops
    rekken.run("sync")
    made = rekken.json("record", "add", "initiative", PLEIN)
    photo = tmp_path / "brief.pdf"
    photo.write_bytes(b"%PDF-1.7\n" + b"x" * 300_000 + b"\n%%EOF\n")
    rekken.run("record", "attach", "initiative", made["id"], photo)
    file, words = tmp_path / "werk.naober", tmp_path / "woorden"
    rekken.run("bundle", "make", file)
    words.write_text(rekken.said.splitlines()[0].partition(": ")[2])

    told = neede.json("bundle", "send", file, "--passphrase-file", words, "--json")
    assert (told["arrived"], told["known"], told["attachments"]) == (2, 0, 1)
    assert (told["asks"], told["refused"]) == ([], [])
    report = Path(told["report"])
    assert report == tmp_path / "werk.naober.verslag.txt"
    assert "Bezorgd vanuit werk.naober door Balie Neede" in report.read_text("utf-8-sig")
    neede.run("sync")
    history = neede.run("record", "history", "initiative", made["id"])
    assert "Balie Rekken, bezorgd door Balie Neede: aangemaakt" in history

    assert "Alles was er al" in neede.run("bundle", "send", file, "--passphrase-file", words)
    assert rekken.json("sync", "--json")["refused"] == 0
    assert rekken.json("status", "--json")["waiting"] == 0
    assert "bezorgd door Balie Neede" in rekken.run("record", "history", "initiative", made["id"])
    assert "bezorgd door Balie Neede" in rekken.run("receipts")


def test_a_choice_for_the_maker_is_told_in_words_and_by_exit_code(
    laptops: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    neede, rekken = laptops
    made = neede.json("record", "add", "initiative", PLEIN)
    neede.run("sync")
    rekken.run("sync")
    rekken.run("record", "set", "initiative", made["id"], json.dumps({"title": "Van Rekken"}))
    neede.run("record", "set", "initiative", made["id"], json.dumps({"title": "Van Neede"}))
    neede.run("sync")
    file, words = tmp_path / "werk.naober", tmp_path / "woorden"
    words.write_text("een zin die niemand raadt")
    rekken.run("bundle", "make", file, "--passphrase-file", words)
    given = ("bundle", "send", file, "--passphrase-file", words, "--report", tmp_path / "v.txt")
    told = neede.run(*given, code=4)
    assert "1 vraagt de maker om een keuze." in told
    assert "Van Rekken: twee mensen hebben hetzelfde gewijzigd (titel)" in told
    assert "Komt die laptop niet terug?" in (tmp_path / "v.txt").read_text("utf-8-sig")
    [question] = neede.json(*given, "--json", code=4)["asks"]
    assert (question["fields"], question["outcome"]) == (["title"], "conflict")
    rekken.run("sync", code=4)
