"""What a list row says: time, place and state, and a mark only for what is not ordinary."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from db.entities.initiative import Phase
from db.entities.premises import Availability
from db.local.state import RecordState
from desktop_app import i18n
from desktop_app.services.row_words import RowWords, is_overdue, key_of, when_text
from tests.factories import EIBERGEN, REKKEN, contact_person, initiative, premises

NOW = datetime.now(UTC).replace(microsecond=0)
NAMES = {REKKEN: "Rekken", EIBERGEN: "Eibergen"}


@pytest.fixture(autouse=True)
def dutch() -> None:
    i18n.use("nl")


@pytest.fixture
def words() -> RowWords:
    def names(_entity: str, record_id: UUID) -> str:
        return NAMES.get(record_id, "")

    return RowWords(names)


def test_a_stored_record_has_no_mark(words: RowWords) -> None:
    row = words.row(initiative(phase=Phase.PLAN, changed_at=NOW))
    assert (row.title, row.subtitle) == ("Dorpsplein opnieuw inrichten", "Rekken · Plan")
    assert row.mark == ""
    assert row.right == i18n.format_time(NOW)
    assert row.symbol == "initiative.plan"


@pytest.mark.parametrize(
    ("state", "mark"),
    [
        (RecordState.WAITING, "wacht"),
        (RecordState.PHOTO, "foto wacht"),
        (RecordState.CONFLICT, "kies waarde"),
        (RecordState.REFUSED, "geweigerd"),
        (RecordState.LOCAL, ""),
    ],
)
def test_a_state_that_matters_is_marked(words: RowWords, state: RecordState, mark: str) -> None:
    record = initiative(changed_at=NOW)
    words.states = {record.id: state}
    assert words.row(record).mark == mark


def test_quiet_work_is_marked_and_finished_work_is_not(words: RowWords) -> None:
    long_ago = NOW - timedelta(days=23)
    assert words.row(initiative(changed_at=long_ago)).mark == "stil 23 dagen".replace(
        " ", i18n.NBSP
    )
    done = initiative(phase=Phase.COMPLETED, changed_at=long_ago)
    assert words.row(done).mark == ""


def test_an_offer_that_was_not_checked_in_time_is_grey_and_says_so(words: RowWords) -> None:
    today = i18n.local_time(NOW).date()
    record = premises(
        checked_on=today - timedelta(days=142),
        next_check=today - timedelta(days=52),
        changed_at=NOW,
    )
    row = words.row(record)
    assert is_overdue(record)
    assert key_of(record) == "premises.overdue"
    assert row.subtitle == "Eibergen · Nakijken"
    assert row.mark == f"142{i18n.NBSP}dagen"
    let = premises(availability=Availability.LET, next_check=date(2020, 1, 1))
    assert not is_overdue(let)


def test_what_is_being_edited_says_so_before_all_else(words: RowWords) -> None:
    record = initiative(changed_at=NOW)
    words.states = {record.id: RecordState.REFUSED}
    words.drafts = frozenset({record.id})
    assert words.row(record).mark == "u bewerkt"


def test_a_person_shows_how_to_reach_them(words: RowWords) -> None:
    assert words.row(contact_person(phone="0545123456")).subtitle == "0545123456"


def test_a_moment_is_a_time_a_day_or_a_date() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert when_text(datetime(2026, 11, 24, 9, 2, tzinfo=UTC), now) == "10:02"
    assert (
        when_text(datetime(2026, 11, 20, 9, tzinfo=UTC), now).replace(i18n.NBSP, " ") == "vr 20 nov"
    )
    assert (
        when_text(datetime(2025, 3, 12, 9, tzinfo=UTC), now).replace(i18n.NBSP, " ")
        == "12 mrt 2025"
    )
