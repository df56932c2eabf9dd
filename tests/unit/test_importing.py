"""Every row of a delivery is taken whole or reported; a second delivery updates."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from db.entities.initiative import Initiative, Phase, Theme
from db.errors import UserProblem
from desktop_app.services.import_report import write_report
from tests.delivery import Delivery, deliveries
from tests.factories import REKKEN


@pytest.fixture
def delivery(tmp_path: Path) -> Iterator[Delivery]:
    yield from deliveries(tmp_path)


def test_headers_in_dutch_english_or_field_names_match(delivery: Delivery) -> None:
    report = delivery.take("Titel;phase;Themes;Kern\nPlein;Plan;sport, energy;Rekken\n")
    assert (report.new, report.rejected) == (1, 0)
    record = delivery.records()[0]
    assert isinstance(record, Initiative)
    assert (record.phase, record.themes, record.kern) == (
        Phase.PLAN,
        {Theme.SPORT, Theme.ENERGY},
        REKKEN,
    )


def test_the_kern_follows_from_coordinates(delivery: Delivery) -> None:
    delivery.take("title,lon,lat\nPlein,6.725,52.094\n")
    delivery.take("title;X;Y\nPlein 2;246673;457058\n")
    assert [record.kern for record in delivery.records()] == [REKKEN, REKKEN]  # type: ignore[attr-defined]


def test_every_row_not_taken_is_reported_with_its_reason(delivery: Delivery) -> None:
    rows = "title;kern;supporters;start_date;lon;lat\n"
    rows += "Goed;Rekken;12;12-3-2027;;\n"
    rows += "Fout;Rekken;veel;31-2-2027;;\n"
    rows += "X;Rekken;;;;\n"
    rows += "Ver weg;Rekken;;;999;52\n"
    rows += "Nergens;Atlantis;;;;\n"
    rows += "Te;veel;1;;;;cellen;hier\n"
    report = delivery.take(rows)
    assert (report.rows, report.new, report.rejected) == (6, 1, 5)
    told = {(line.row, line.column) for line in report.lines}
    assert told == {
        (3, "supporters"),
        (3, "start_date"),
        (4, "title"),
        (5, "lon, lat"),
        (6, "kern"),
        (7, ""),
    }
    assert all(line.reason and not line.is_taken for line in report.lines)
    assert {line.shown_value for line in report.lines} >= {"veel", "31-2-2027", "X", "Atlantis"}


def test_a_second_delivery_updates_by_key(delivery: Delivery) -> None:
    mapping = {"key": "nr", "fields": {"title": "naam", "kern": {"constant": "Rekken"}}}
    assert delivery.take("nr;naam\n1;Plein\n2;Bos\n", mapping).new == 2
    again = delivery.take("nr;naam\n1;Plein\n2;Bos bij Rekken\n3;Nieuw\n", mapping)
    assert (again.new, again.updated, again.unchanged) == (1, 1, 1)
    assert {r.title_text for r in delivery.records()} == {"Plein", "Bos bij Rekken", "Nieuw"}


def test_an_update_leaves_fields_that_are_not_in_the_file(delivery: Delivery) -> None:
    mapping = {"key": "nr", "fields": {"title": "naam", "kern": {"constant": "Rekken"}}}
    delivery.take("nr;naam\n1;Plein\n", mapping)
    record = delivery.records()[0]
    assert isinstance(record, Initiative)
    delivery.store.save(dataclasses.replace(record, summary="Van ons"), record)
    delivery.take("nr;naam\n1;Plein anders\n", mapping)
    changed = delivery.records()[0]
    assert (changed.title_text, changed.summary) == ("Plein anders", "Van ons")  # type: ignore[attr-defined]


def test_the_same_file_twice_changes_nothing(delivery: Delivery) -> None:
    rows = "title;kern\nPlein;Rekken\nPlein;Rekken\n"
    assert delivery.take(rows).new == 2
    assert (again := delivery.take(rows)).unchanged == 2
    assert again.new == 0


def test_a_key_twice_or_empty_is_refused(delivery: Delivery) -> None:
    mapping = {"key": "nr", "fields": {"title": "naam", "kern": {"constant": "Rekken"}}}
    report = delivery.take("nr;naam\n1;Plein\n1;Bos\n;Zaal\n", mapping)
    assert (report.new, report.rejected) == (1, 2)
    assert [line.row for line in report.lines] == [3, 4]


def test_a_trial_stores_nothing(delivery: Delivery) -> None:
    report = delivery.take("title;kern\nPlein;Rekken\n", is_dry_run=True)
    assert report.new == 1
    assert delivery.records() == []


def test_what_was_deleted_here_does_not_come_back(delivery: Delivery) -> None:
    mapping = {"key": "nr", "fields": {"title": "naam", "kern": {"constant": "Rekken"}}}
    delivery.take("nr;naam\n1;Plein\n", mapping)
    delivery.store.delete(delivery.records()[0])
    assert delivery.take("nr;naam\n1;Plein\n", mapping).rejected == 1


def test_stopping_half_way_keeps_what_was_done(delivery: Delivery) -> None:
    rows = "title;kern\n" + "".join(f"Nummer {n};Rekken\n" for n in range(1200))
    stop = Event()
    report = delivery.take(
        rows, progress=lambda done, _total: stop.set() if done else None, cancel=stop
    )
    assert report.is_cancelled
    assert len(delivery.records()) == report.new == 500
    assert delivery.take(rows).new == 700


def test_a_warning_is_told_and_the_row_taken(delivery: Delivery) -> None:
    report = delivery.take("title;kern;summary\nPlein;Rekken;bsn 123456782\n")
    assert report.new == 1
    assert [line.is_taken for line in report.lines] == [True]


def test_headers_that_say_nothing_ask_for_a_mapping(delivery: Delivery) -> None:
    with pytest.raises(UserProblem, match="Give a mapping file"):
        delivery.take("a;b\n1;2\n")


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_the_report_is_written_for_people_or_programs(
    delivery: Delivery, tmp_path: Path, suffix: str
) -> None:
    report = delivery.take("title;kern\n=1+1;Atlantis\n")
    path = tmp_path / f"verslag.{suffix}"
    write_report(report, path)
    text = path.read_text(encoding="utf-8-sig")
    assert "Atlantis" in text
    if suffix == "json":
        assert json.loads(text)["rejected"] == 1
