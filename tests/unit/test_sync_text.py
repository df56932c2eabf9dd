"""How sync stands, in words: offline is normal, and "everything" is only said when it is true."""

from datetime import UTC, datetime, timedelta

import pytest

from db.local.state import Tally
from desktop_app import i18n
from desktop_app.services.sync_text import SyncNow, next_try_text, sync_words

AT = datetime(2026, 11, 24, 9, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def dutch() -> None:
    i18n.use("nl")


def tally(**counts: int) -> Tally:
    given = {"waiting": 0, "conflicts": 0, "refused": 0, "photos": 0, **counts}
    return Tally(**given, last_sync=AT, is_connected=True)


def test_everything_is_said_only_when_all_is_done() -> None:
    done = "Alles is gesynchroniseerd."
    assert sync_words(tally(), SyncNow("quiet")).sentence == done
    for name in ("waiting", "conflicts", "refused", "photos"):
        assert sync_words(tally(**{name: 1}), SyncNow("quiet")).sentence != done


def test_open_choices_are_told_beside_what_was_sent() -> None:
    words = sync_words(tally(conflicts=2), SyncNow("quiet"))
    assert words.sentence == ("Alles is verzonden om 10:09. Bij 2 wijzigingen moet u nog kiezen.")


def test_offline_is_calm_and_says_when_it_goes_on() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=20)
    words = sync_words(tally(waiting=3), SyncNow("offline", next_try=soon))
    assert words.title == "Geen verbinding. Uw werk staat veilig op deze laptop."
    assert "3 wachten" in words.button
    assert "over 20 seconden" in words.subtitle


def test_alone_is_no_failure() -> None:
    alone = Tally(5, 0, 0, 0, None, False)
    assert sync_words(alone, SyncNow()).button == "Alleen op deze laptop"


def test_working_says_how_far() -> None:
    words = sync_words(tally(waiting=40), SyncNow("working", done=12, total=40))
    assert "12 van 40" in words.button


def test_one_second_is_singular() -> None:
    now = datetime.now(UTC)
    assert next_try_text(now + timedelta(seconds=1), now) == "Volgende poging over 1 seconde."
    assert next_try_text(None) == ""
