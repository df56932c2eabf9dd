"""How sync stands, in words: the button, the status bar and the head of the sync page.

"Everything is synchronised" is only said when it is true: no change waits, no photo, nothing was
refused and no choice is open. Offline is normal: the first thing said is that the work is safe.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from db.local.state import Tally
from desktop_app.i18n import _, format_time, ngettext


@dataclass(frozen=True, slots=True)
class SyncNow:
    """What the worker does, without its types: `phase` is alone, quiet, working, offline or refused.

    `step` is what a cycle is at: send, receive or photos. `reason` is the code of a refusal
    (`db.errors.Refused`). `moved_at` is when it last got any further (aware UTC); `files` how many
    bytes of an attachment have crossed, by SHA-256.
    """

    phase: str = "quiet"
    done: int = 0
    total: int = 0
    next_try: datetime | None = None
    problem: str = ""
    step: str = ""
    reason: str = ""
    moved_at: datetime | None = None
    files: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SyncWords:
    """What is said: on the button (long and short), in the status bar, and on the page."""

    icon: str
    button: str
    short: str
    sentence: str
    title: str = ""
    subtitle: str = ""


def sync_words(tally: Tally, now: SyncNow) -> SyncWords:
    """Return how sync stands."""
    if now.phase == "alone" or not tally.is_connected:
        return _alone()
    if now.phase == "working":
        return _working(tally, now)
    if now.phase == "offline":
        return _offline(tally, now)
    if now.phase == "refused":
        return _refused(now)
    return _quiet(tally)


def _alone() -> SyncWords:
    words = _("Only on this laptop")
    sentence = _("Only on this laptop. You can connect to the municipality under Synchronise.")
    title = _("Everything is on this laptop only.")
    more = _("Connect to the municipality to work together. You lose nothing by it.")
    return SyncWords("laptop", words, words, sentence, title, more)


def _working(tally: Tally, now: SyncNow) -> SyncWords:
    amount = _amount(now)
    words = _("Synchronising") + (f" · {amount}" if amount else "…")
    sentence = _("Synchronising. You can go on working.")
    return SyncWords("sync", words, _("Busy"), sentence, _("Synchronising."), amount or sentence)


def _amount(now: SyncNow) -> str:
    if now.total:
        return _("%(done)d of %(total)d") % {"done": now.done, "total": now.total}
    return str(now.done) if now.done else ""


def _offline(tally: Tally, now: SyncNow) -> SyncWords:
    waiting = _waiting(tally)
    words = _("No connection") + (f" · {waiting}" if tally.waiting else "")
    when = next_try_text(now.next_try)
    parts = [_("No connection."), *_open_parts(tally)]
    title = _("No connection. Your work is safe on this laptop.")
    more = " ".join(part for part in (_("You can just go on working."), when) if part)
    return SyncWords(
        "cloud-off-outline", words, waiting or _("Offline"), " ".join(parts), title, more
    )


def _refused(now: SyncNow) -> SyncWords:
    words = _("Not let in")
    sentence = now.problem or _("The municipality's database does not let you in.")
    return SyncWords(
        "lock-outline", words, words, sentence, sentence, _("Your work is safe on this laptop.")
    )


def _quiet(tally: Tally) -> SyncWords:
    last = format_time(tally.last_sync) if tally.last_sync else ""
    if tally.is_clean:
        sentence = _("Everything is synchronised.")
        words = _("Everything sent") + (f" · {last}" if last else "")
        return SyncWords("cloud-check-outline", words, last, sentence, sentence, _when(last))
    to_choose = tally.conflicts + tally.refused
    if tally.waiting or tally.photos:
        words = _waiting(tally) or _photos(tally)
        button = f"{words} · " + _("last %(time)s") % {"time": last} if last else words
        safe, parts = _("Everything is on this laptop."), _open_parts(tally)
        sentence = " ".join((safe, *parts))
        short = f"{words} · {last}" if last else words
        more = " ".join(part for part in (*parts, _when(last)) if part)
        return SyncWords("cloud-clock-outline", button, short, sentence, safe, more)
    choose = ngettext(
        "You still have to choose for %(count)d change.",
        "You still have to choose for %(count)d changes.",
        to_choose,
    ) % {"count": to_choose}
    sent = _("Everything was sent at %(time)s.") % {"time": last}
    words = ngettext("%(count)d to choose", "%(count)d to choose", to_choose) % {"count": to_choose}
    return SyncWords("source-merge", words, words, f"{sent} {choose}", sent, choose)


def _when(last: str) -> str:
    return _("Last time at %(time)s.") % {"time": last} if last else ""


def _waiting(tally: Tally) -> str:
    if not tally.waiting:
        return ""
    words = ngettext("%(count)d waits", "%(count)d wait", tally.waiting)
    return words % {"count": tally.waiting}


def _photos(tally: Tally) -> str:
    words = ngettext("%(count)d photo waits", "%(count)d photos wait", tally.photos)
    return words % {"count": tally.photos}


def _open_parts(tally: Tally) -> list[str]:
    parts = []
    if tally.waiting:
        words = ngettext(
            "%(count)d change waits for a connection.",
            "%(count)d changes wait for a connection.",
            tally.waiting,
        )
        parts.append(words % {"count": tally.waiting})
    if tally.photos:
        parts.append(_photos(tally) + ".")
    asks = tally.conflicts + tally.refused
    if asks:
        words = ngettext(
            "%(count)d change asks for your attention.",
            "%(count)d changes ask for your attention.",
            asks,
        )
        parts.append(words % {"count": asks})
    return parts


def next_try_text(moment: datetime | None, now: datetime | None = None) -> str:
    """Return "Next try in 20 seconds.", or "" when there is none."""
    if moment is None:
        return ""
    seconds = max(1, round((moment - (now or datetime.now(UTC))).total_seconds()))
    words = ngettext("Next try in %(count)d second.", "Next try in %(count)d seconds.", seconds)
    return words % {"count": seconds}
