"""The command line: JSON in and out, messages on standard error, and exit codes that jobs rely on."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop_app import i18n
from desktop_app.cli import main
from tests.factories import REKKEN
from tests.test_architecture import ROOT


class Laptop:
    """Runs commands on one profile, in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.said = ""

    def run(self, *arguments: str | Path, code: int = 0) -> str:
        """Run a command that must end with `code`; return what it wrote."""
        try:
            ended = main(["--profile", str(self.folder), *map(str, arguments)])
        except SystemExit as stop:
            ended = int(str(stop.code))
        wrote, self.said = self._capsys.readouterr()
        assert ended == code, self.said or wrote
        return wrote

    def json(self, *arguments: str | Path, code: int = 0) -> Any:
        """Run a command and read the JSON lines it wrote; one line gives one value."""
        lines = [json.loads(line) for line in self.run(*arguments, code=code).splitlines()]
        return lines[0] if len(lines) == 1 else lines


@pytest.fixture
def laptop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Laptop:
    monkeypatch.setenv("NAOBERKAART_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("NAOBERKAART_LANG", "nl")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    return Laptop(tmp_path / "profile", capsys)


PLEIN = '{"title": "Dorpsplein", "geometry": {"type": "Point", "coordinates": [6.725, 52.094]}}'


def test_a_record_is_added_with_the_kern_of_its_place(laptop: Laptop) -> None:
    made = laptop.json("record", "add", "initiative", PLEIN)
    assert (made["title"], made["kern"], made["phase"]) == ("Dorpsplein", str(REKKEN), "idea")
    assert laptop.json("record", "get", "initiative", made["id"]) == made


def test_fields_are_set_and_the_history_tells(laptop: Laptop) -> None:
    made = laptop.json("record", "add", "initiative", PLEIN)
    laptop.run("record", "set", "initiative", made["id"], '{"phase": "plan", "summary": "Kort"}')
    again = laptop.json("record", "get", "initiative", "dorpsplein")
    assert (again["phase"], again["summary"], again["title"]) == ("plan", "Kort", "Dorpsplein")
    told = laptop.run("record", "history", "initiative", made["id"])
    assert "fase van *idee* naar *plan*" in told
    assert [
        line["kind"]
        for line in laptop.json("record", "history", "initiative", made["id"], "--json")
    ] == ["edit", "create"]


def test_delete_and_restore(laptop: Laptop) -> None:
    made = laptop.json("record", "add", "initiative", PLEIN)
    assert laptop.json("record", "delete", "initiative", made["id"]) == {
        "id": made["id"],
        "deleted": True,
    }
    assert laptop.run("record", "list", "initiative") == ""
    assert laptop.json("record", "list", "initiative", "--deleted")["id"] == made["id"]
    laptop.run("record", "restore", "initiative", "Dorpsplein")
    assert laptop.json("record", "list", "initiative")["id"] == made["id"]


def test_many_records_come_from_standard_input(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f'{{"title": "Nummer {n}", "kern": "Rekken"}}' for n in range(3)]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*lines, '{"title": "X"}'])))
    added = laptop.json("record", "add", "initiative", code=4)
    assert len(added) == 3
    assert "Titel" in laptop.said


def test_an_object_over_several_lines_is_one_record(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(json.loads(PLEIN), indent=2)))
    assert laptop.json("record", "add", "initiative")["title"] == "Dorpsplein"


def test_lists_are_filtered_sorted_and_cut(laptop: Laptop) -> None:
    for title, kern in (("Bos", "Neede"), ("Zaal", "Rekken"), ("Plein", "Rekken")):
        laptop.run("record", "add", "initiative", json.dumps({"title": title, "kern": kern}))
    found = laptop.json("record", "list", "initiative", "--where", "kern=Rekken", "--sort", "title")
    assert [record["title"] for record in found] == ["Plein", "Zaal"]
    assert laptop.json("record", "list", "initiative", "--text", "bo")["title"] == "Bos"
    assert (
        laptop.json("record", "list", "initiative", "--sort", "title", "--limit", "1")["title"]
        == "Bos"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["record", "add", "initiative", "{"],
        ["record", "add", "initiative", '{"titel": "Plein"}'],
        ["record", "add", "initiative", '{"title": "P"}'],
        ["record", "add", "pand", "{}"],
        ["record", "add", "staff", '{"name": "Jan"}'],
        ["record", "add", "attachment", '{"file_name": "x.jpg"}'],
        ["record", "get", "initiative", "bestaat niet"],
        ["record", "list", "initiative", "--where", "titel=x"],
        ["record", "list", "initiative", "--sort", "; DROP TABLE initiative"],
        ["record", "set", "initiative", "00000000-0000-0000-0000-000000000001", "{}"],
        ["record"],
        ["import", "weg.csv", "--as", "initiative"],
        ["export", "uit.shp"],
        ["connect", "dit is geen adres"],
        ["connect"],
        ["sync"],
        ["conflicts", "resolve", "12", "--take", "mine"],
        ["bestaat-niet"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_wrong_use_is_2_and_says_why(laptop: Laptop, arguments: list[str]) -> None:
    laptop.run("status", code=2)
    laptop.run("record", "list", "initiative")
    assert laptop.run(*arguments, code=2) == ""
    assert laptop.said


def test_an_unreachable_database_is_3(laptop: Laptop) -> None:
    laptop.run("record", "add", "initiative", PLEIN)
    laptop.run("connect", "postgresql://jan:geheim@127.0.0.1:9/naoberkaart", code=3)
    assert "geheim" not in laptop.said
    assert laptop.json("status", "--json")["server"] is None


def test_a_damaged_store_is_5(laptop: Laptop) -> None:
    laptop.run("record", "add", "initiative", PLEIN)
    store = laptop.folder / "naoberkaart.db"
    store.write_bytes(b"geen database" * 1000)
    assert laptop.run("record", "list", "initiative", code=5) == ""
    assert laptop.said


def test_a_lost_key_is_5(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    laptop.run("record", "add", "initiative", PLEIN)
    monkeypatch.delenv("NAOBERKAART_KEY_FILE")
    laptop.run("record", "list", "initiative", code=5)


def test_a_record_on_standard_input_is_never_taken_for_a_passphrase(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NAOBERKAART_KEY_FILE")
    for piped in ("", PLEIN + "\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(piped))
        laptop.run("record", "add", "initiative", code=2)
        assert "NAOBERKAART_KEY_FILE" in laptop.said
        assert not (laptop.folder / "naoberkaart.db").exists()


def test_a_passphrase_can_be_piped(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NAOBERKAART_KEY_FILE")
    for code in (0, 0):
        monkeypatch.setattr(sys, "stdin", io.StringIO("paard stal batterij\n"))
        laptop.run("record", "list", "initiative", code=code)
    monkeypatch.setattr(sys, "stdin", io.StringIO("fout\n"))
    laptop.run("record", "list", "initiative", code=5)


def test_check_reads_every_page(laptop: Laptop) -> None:
    laptop.run("record", "add", "initiative", PLEIN)
    assert laptop.json("check", "--json")["whole"] is True


def test_status_says_what_waits(laptop: Laptop) -> None:
    laptop.run("record", "add", "initiative", PLEIN)
    value = laptop.json("status", "--json")
    assert (value["waiting"], value["connected"], value["records"]["initiative"]) == (1, False, 1)
    assert "wijzigingen 1" in laptop.run("status")


def test_import_reports_rows_and_exits_4(laptop: Laptop, tmp_path: Path) -> None:
    path, report = tmp_path / "in.csv", tmp_path / "verslag.csv"
    path.write_text("titel;kern\nPlein;Rekken\nBos;Atlantis\n", encoding="cp1252")
    dry = laptop.json("import", path, "--as", "initiative", "--dry-run", "--json", code=4)
    assert (dry["new"], dry["rejected"], dry["dry_run"]) == (1, 1, True)
    laptop.run("import", path, "--as", "initiative", "--report", report, code=4)
    assert "Atlantis" in report.read_text(encoding="utf-8-sig")
    assert laptop.json("record", "list", "initiative")["title"] == "Plein"


def test_export_and_import_are_each_others_way_back(laptop: Laptop, tmp_path: Path) -> None:
    made = laptop.json("record", "add", "initiative", PLEIN)
    for name in ("uit.geojson", "uit.csv", "uit.xlsx"):
        assert (
            laptop.json("export", tmp_path / name, "--entity", "initiative", "--json")["records"]
            == 1
        )
        taken = laptop.json("import", tmp_path / name, "--as", "initiative", "--json")
        assert (taken["rejected"], taken["new"]) == (0, 0)
    assert laptop.json("record", "get", "initiative", made["id"])["title"] == "Dorpsplein"
    assert laptop.json("export", tmp_path / "uit.gpkg", "--json")["records"] == 1


def test_a_photo_is_attached_or_refused(laptop: Laptop, tmp_path: Path) -> None:
    laptop.run("record", "add", "initiative", PLEIN)
    good, bad = tmp_path / "brief.pdf", tmp_path / "foto.jpg"
    good.write_bytes(b"%PDF-1.7\n%%EOF\n")
    bad.write_bytes(b"MZ")
    attached = laptop.json("record", "attach", "initiative", "Dorpsplein", good)
    assert attached["media_type"] == "application/pdf"
    laptop.run("record", "attach", "initiative", "Dorpsplein", bad, code=2)


def test_messages_are_english_when_asked(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAOBERKAART_LANG", "en")
    try:
        laptop.run("record", "add", "initiative", '{"title": "P", "kern": "Rekken"}', code=2)
        assert "Title: Write at least 3 characters." in laptop.said
    finally:
        i18n.use("nl")


def test_every_command_has_help(laptop: Laptop) -> None:
    for words in (
        [], ["record"], ["import"], ["export"], ["connect"], ["sync"], ["status"], ["check"],
        ["conflicts"], ["server"], *(["record", verb] for verb in "add set get list delete".split()),
        *(["server", verb] for verb in "init migrate add-person revoke list-people status".split()),
        *(["conflicts", verb] for verb in ("list", "resolve")),
    ):  # fmt: skip
        told = laptop.run(*words, "--help")
        assert "--profile" in told
        assert "opties:" in told


def test_it_runs_as_a_program_without_qt(tmp_path: Path, laptop: Laptop) -> None:
    code = "import sys; sys.modules['PySide6'] = None; from desktop_app.cli import main; sys.exit(main())"
    arguments = ["--profile", str(laptop.folder), "record", "add", "initiative", PLEIN]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == "Dorpsplein"
