"""How sync stands, in words: offline is normal, and "everything" is only said when it is true."""

from datetime import UTC, datetime, timedelta

import pytest

from db.local.state import Tally
from desktop_app import i18n
from desktop_app.services.sync_text import SyncNow, clock_text, next_try_text, sync_words
from desktop_app.tokens import Tone

AT = datetime(2026, 11, 24, 9, 9, tzinfo=UTC)
LEFT = ("waiting", "conflicts", "refused", "photos", "missing")


@pytest.fixture(autouse=True)
def dutch() -> None:
    i18n.use("nl")


def tally(*, at: datetime | None = AT, **counts: int) -> Tally:
    given = {"waiting": 0, "conflicts": 0, "refused": 0, "photos": 0, **counts}
    return Tally(**given, last_sync=at, is_connected=True)


def last() -> str:
    return clock_text(AT)


@pytest.mark.parametrize("name", LEFT)
def test_everything_is_said_only_when_all_is_done(name: str) -> None:
    done = "Alles is gesynchroniseerd."
    words = sync_words(tally(), SyncNow("quiet"))
    assert (words.sentence, words.tone) == (done, Tone.GREEN)
    left = sync_words(tally(**{name: 1}), SyncNow("quiet"))
    assert done not in (left.sentence, left.title)
    assert left.tone is not Tone.GREEN


def test_open_choices_are_told_beside_what_was_sent() -> None:
    words = sync_words(tally(conflicts=2), SyncNow("quiet"))
    told = f"Alles is verzonden om {last()}. Bij 2 wijzigingen moet u nog kiezen."
    assert words.sentence == told


def test_choices_are_counted_by_record_as_the_page_shows_them() -> None:
    words = sync_words(tally(conflicts=3, asks=2), SyncNow("quiet"))
    assert "Bij 2 wijzigingen" in words.sentence


def test_what_was_refused_is_no_choice_but_asks_for_attention() -> None:
    words = sync_words(tally(conflicts=1, refused=1, asks=2), SyncNow("quiet"))
    assert words.sentence.endswith("2 wijzigingen vragen uw aandacht.")
    assert words.button == "2 vragen aandacht"


def test_what_waits_is_told_with_the_last_time() -> None:
    words = sync_words(tally(waiting=3), SyncNow("quiet"))
    assert words.sentence == f"3 wijzigingen wachten, laatst gesynchroniseerd {last()}."
    one = sync_words(tally(waiting=1), SyncNow("quiet"))
    assert one.sentence == f"1 wijziging wacht, laatst gesynchroniseerd {last()}."


def test_a_photo_of_a_colleague_that_is_not_here_yet_is_told() -> None:
    words = sync_words(tally(missing=2), SyncNow("quiet"))
    assert words.subtitle == "2 foto's van collega's komen nog."


def test_offline_is_calm_and_says_when_it_goes_on() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=20)
    words = sync_words(tally(waiting=3, photos=1, asks=3), SyncNow("offline", next_try=soon))
    assert words.title == "Geen verbinding. Uw werk staat veilig op deze laptop."
    assert words.button == "Geen verbinding · 3 wachten"
    assert words.sentence == (
        "Geen verbinding. 3 wijzigingen en 1 foto wachten. 3 wijzigingen vragen uw aandacht."
    )
    assert words.subtitle == (
        "U kunt gewoon doorwerken. Volgende poging over 20 seconden, daarna vanzelf opnieuw."
    )
    assert words.tone is Tone.MUTED


def test_alone_is_no_failure() -> None:
    alone = Tally(5, 0, 0, 0, None, False)
    assert sync_words(alone, SyncNow()).button == "Alleen op deze laptop"
    assert sync_words(alone, SyncNow()).act == "connect"


def test_what_never_synchronised_says_so() -> None:
    words = sync_words(tally(at=None, waiting=2), SyncNow("quiet"))
    assert words.title == "Nog niet gesynchroniseerd."
    assert "2 wijzigingen wachten." in words.subtitle


def test_working_says_at_what_and_how_far() -> None:
    words = sync_words(tally(waiting=40), SyncNow("working", done=12, total=40, step="send"))
    assert "12 van 40" in words.button
    assert words.subtitle == "Wijzigingen worden verzonden · 12 van 40"
    assert words.act == "stop"


def test_no_progress_for_a_minute_is_told() -> None:
    moved = datetime.now(UTC) - timedelta(seconds=59)
    words = sync_words(tally(waiting=1), SyncNow("working", moved_at=moved))
    assert words.title == "Bezig met synchroniseren."
    moved -= timedelta(seconds=70)
    words = sync_words(tally(waiting=1), SyncNow("working", moved_at=moved))
    assert words.title == "Al 2 minuten geen voortgang."
    assert "veilig op deze laptop" in words.subtitle


def test_access_that_ended_says_what_is_kept_and_whom_to_call() -> None:
    words = sync_words(tally(waiting=3), SyncNow("refused", reason="revoked", problem="Nee."))
    assert words.sentence == (
        "Uw toegang is gestopt. Uw 3 wijzigingen zijn bewaard. Bel uw beheerder."
    )
    one = sync_words(tally(waiting=1), SyncNow("refused", reason="revoked"))
    assert "Uw wijziging is bewaard." in one.sentence


def test_a_database_that_was_emptied_asks_for_an_answer() -> None:
    words = sync_words(tally(waiting=3), SyncNow("refused", reason="emptied"))
    assert words.title == "De gedeelde database is leeg. Hier is niets weggehaald."
    assert (words.act, words.button) == ("accept", "Vraagt uw antwoord")


def test_a_database_that_was_put_back_gets_what_it_lacks() -> None:
    words = sync_words(tally(waiting=3), SyncNow("refused", reason="restored"))
    assert words.title == "De gedeelde database is teruggezet."
    assert words.subtitle.startswith("Er is niets kwijt.")
    assert words.act == "offer"


def test_any_other_refusal_says_what_came_with_it() -> None:
    words = sync_words(tally(), SyncNow("refused", reason="municipality", problem="Andere stad."))
    assert (words.title, words.act) == ("Andere stad.", "try")
    assert words.subtitle == "Uw werk staat veilig op deze laptop."


def test_one_second_is_singular() -> None:
    now = datetime.now(UTC)
    assert next_try_text(now + timedelta(seconds=1), now) == "Volgende poging over 1 seconde."
    assert next_try_text(now + timedelta(minutes=5), now) == "Volgende poging over 5 minuten."
    assert next_try_text(None) == ""


def test_a_time_of_another_day_is_told_with_its_day() -> None:
    now = datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert clock_text(AT, AT) == "10:09"
    assert clock_text(AT, now) == "gisteren\u00a010:09"
