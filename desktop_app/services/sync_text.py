"""How sync stands, in words: the button, the status bar and the head of the sync page.

"Everything is synchronised" is only said when it is true: no change waits, no photo in either
direction, nothing was refused and no choice is open. Offline is normal: the first thing said is
that the work is safe. What blocks, and when the next try is, is always said with it (promise S13).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from db.local.state import Tally
from desktop_app.i18n import _, format_moment, format_time, local_time, ngettext
from desktop_app.services.refusal_text import refusal_words
from desktop_app.tokens import Tone

STALLED_S = 60
"""After so many seconds without any progress that is told (promise S13)."""


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

    def stalled_s(self, now: datetime | None = None) -> int:
        """Return for how many seconds work has stood still; 0 while that is not long."""
        if self.phase != "working" or self.moved_at is None:
            return 0
        seconds = int(((now or datetime.now(UTC)) - self.moved_at).total_seconds())
        return seconds if seconds >= STALLED_S else 0


@dataclass(frozen=True, slots=True)
class SyncWords:
    """What is said: on the button (long and short), in the status bar, and on the page.

    `act` is what the page's button does: connect, sync, try, stop, offer what a database that was
    put back lacks, or accept that it was emptied; `tone` that of the page's icon.
    """

    icon: str
    button: str
    short: str
    sentence: str
    title: str = ""
    subtitle: str = ""
    act: str = "sync"
    tone: Tone = Tone.MUTED


def sync_words(tally: Tally, now: SyncNow) -> SyncWords:
    """Return how sync stands."""
    if now.phase == "alone" or not tally.is_connected:
        return _alone()
    if now.phase == "working":
        return _working(now)
    if now.phase == "offline":
        return _offline(tally, now)
    if now.phase == "refused":
        return _refused(tally, now)
    return _quiet(tally)


def _alone() -> SyncWords:
    words = _("Only on this laptop")
    sentence = _("Only on this laptop. You can connect to the municipality under Synchronise.")
    title = _("Everything is on this laptop only.")
    more = _("Connect to the municipality to work together. You lose nothing by it.")
    return SyncWords("laptop", words, words, sentence, title, more, "connect")


def _working(now: SyncNow) -> SyncWords:
    amount = _amount(now)
    stalled_s = now.stalled_s()
    if stalled_s:
        minutes = max(1, stalled_s // 60)
        words = ngettext(
            "No progress for %(count)d minute.", "No progress for %(count)d minutes.", minutes
        ) % {"count": minutes}
        safe = _("Your work is safe on this laptop. It goes on by itself.")
        return SyncWords(
            "sync-alert", _("No progress"), _("No progress"), f"{words} {safe}", words, safe,
            "stop", Tone.AMBER,
        )  # fmt: skip
    words = _("Synchronising") + (f" · {amount}" if amount else "…")
    sentence = _("Synchronising. You can go on working.")
    doing = _STEPS[now.step]() if now.step in _STEPS else ""
    more = " · ".join(part for part in (doing, amount) if part) or sentence
    return SyncWords("sync", words, _("Busy"), sentence, _("Synchronising."), more, "stop")


_STEPS = {
    "send": lambda: _("Changes are being sent"),
    "receive": lambda: _("Changes of others are coming in"),
    "photos": lambda: _("Photos and documents are on their way"),
    "check": lambda: _("Both sides are being compared"),
}


def _amount(now: SyncNow) -> str:
    if now.total:
        return _("%(done)d of %(total)d") % {"done": now.done, "total": now.total}
    return str(now.done) if now.done else ""


def _offline(tally: Tally, now: SyncNow) -> SyncWords:
    waiting = _waiting(tally)
    words = _("No connection") + (f" · {waiting}" if waiting else "")
    parts = [_("No connection."), *_open_parts(tally)]
    title = _("No connection. Your work is safe on this laptop.")
    more = f"{_('You can just go on working.')} {next_try_text(now.next_try, then=True)}".strip()
    icon, short = "cloud-off-outline", waiting or _("Offline")
    return SyncWords(icon, words, short, " ".join(parts), title, more, "try")


def _refused(tally: Tally, now: SyncNow) -> SyncWords:
    title, more, act = refusal_words(now.reason, now.problem, tally.waiting)
    words = _("Access ended") if now.reason == "revoked" else _("Not let in")
    icon = "lock-outline"
    if now.reason in ("restored", "emptied"):
        words = _("Put back") if act == "offer" else _("Needs your answer")
        icon = "database-alert-outline"
    sentence = title if title.endswith(".") else f"{title}."
    return SyncWords(icon, words, words, sentence, title, more, act, Tone.AMBER)


def _quiet(tally: Tally) -> SyncWords:
    last = clock_text(tally.last_sync)
    if tally.last_sync is None:
        return _never(tally)
    if tally.is_clean:
        sentence = _("Everything is synchronised.")
        words = f"{_('Everything sent')} · {last}"
        more = _("Last time: %(moment)s.") % {"moment": _moment(tally.last_sync)}
        return SyncWords(
            "cloud-check-outline", words, last, sentence, sentence, more, tone=Tone.GREEN
        )
    if tally.waiting or tally.photos:
        return _still_waiting(tally, last)
    if not asks(tally):
        return _coming(tally, last)
    return _only_asks(tally, last)


def _only_asks(tally: Tally, last: str) -> SyncWords:
    """Everything was sent; a person must still choose, or look at what was refused."""
    count = asks(tally)
    sent = _("Everything was sent at %(time)s.") % {"time": last}
    if tally.refused:
        words = ngettext("%(count)d asks attention", "%(count)d ask attention", count)
        told, icon = _asking(tally), "alert-octagon-outline"
    else:
        words = ngettext("%(count)d to choose", "%(count)d to choose", count)
        choose = ngettext(
            "You still have to choose for %(count)d change.",
            "You still have to choose for %(count)d changes.",
            count,
        )
        told, icon = choose % {"count": count}, "source-merge"
    button = words % {"count": count}
    return SyncWords(icon, button, button, f"{sent} {told}", sent, told, tone=Tone.AMBER)


def _never(tally: Tally) -> SyncWords:
    words = _("Not synchronised yet")
    more = " ".join(
        [_("It begins by itself as soon as there is a connection."), *_open_parts(tally)]
    )
    return SyncWords("cloud-clock-outline", words, words, f"{words}.", f"{words}.", more)


def _still_waiting(tally: Tally, last: str) -> SyncWords:
    told = {"waiting": _amounts(tally), "time": last}
    if tally.waiting + tally.photos == 1:
        sentence = _("%(waiting)s waits, last synchronised at %(time)s.") % told
    else:
        sentence = _("%(waiting)s wait, last synchronised at %(time)s.") % told
    words = _waiting(tally) or _photos(tally)
    asking = _asking(tally)
    more = " ".join(part for part in (sentence, asking) if part)
    button = f"{words} · " + _("last %(time)s") % {"time": last}
    safe = _("Everything is on this laptop.")
    return SyncWords("cloud-clock-outline", button, f"{words} · {last}", more, safe, more)


def _coming(tally: Tally, last: str) -> SyncWords:
    coming = ngettext(
        "%(count)d photo of a colleague is still to come.",
        "%(count)d photos of colleagues are still to come.",
        tally.missing,
    ) % {"count": tally.missing}
    sent = _("Everything was sent at %(time)s.") % {"time": last}
    words = f"{_('Everything sent')} · {last}"
    return SyncWords("cloud-download-outline", words, last, f"{sent} {coming}", sent, coming)


def asks(tally: Tally) -> int:
    """Return about how many records a person must still decide something."""
    return tally.asks or tally.conflicts + tally.refused


def clock_text(moment: datetime | None, now: datetime | None = None) -> str:
    """Return "09:14" for today, else with its day; "" for never."""
    if moment is None:
        return ""
    today = local_time(now or datetime.now(UTC)).date()
    return format_time(moment) if local_time(moment).date() == today else format_moment(moment, now)


def _moment(moment: datetime) -> str:
    return format_moment(moment)


def _waiting(tally: Tally) -> str:
    if not tally.waiting:
        return ""
    words = ngettext("%(count)d waits", "%(count)d wait", tally.waiting)
    return words % {"count": tally.waiting}


def _photos(tally: Tally) -> str:
    words = ngettext("%(count)d photo waits", "%(count)d photos wait", tally.photos)
    return words % {"count": tally.photos}


def _amounts(tally: Tally) -> str:
    """Return "3 changes and 1 photo"."""
    changes = ngettext("%(count)d change", "%(count)d changes", tally.waiting)
    photos = ngettext("%(count)d photo", "%(count)d photos", tally.photos)
    parts = [
        words % {"count": count}
        for words, count in ((changes, tally.waiting), (photos, tally.photos))
        if count
    ]
    if len(parts) == 2:
        return _("%(first)s and %(second)s") % {"first": parts[0], "second": parts[1]}
    return "".join(parts)


def _open_parts(tally: Tally) -> list[str]:
    parts = []
    if tally.waiting or tally.photos:
        several = tally.waiting + tally.photos != 1
        words = _("%(waiting)s wait.") if several else _("%(waiting)s waits.")
        parts.append(words % {"waiting": _amounts(tally)})
    return [part for part in (*parts, _asking(tally)) if part]


def _asking(tally: Tally) -> str:
    count = asks(tally)
    if not count:
        return ""
    words = ngettext(
        "%(count)d change asks for your attention.",
        "%(count)d changes ask for your attention.",
        count,
    )
    return words % {"count": count}


def next_try_text(
    moment: datetime | None, now: datetime | None = None, *, then: bool = False
) -> str:
    """Return "Next try in 20 seconds.", or "" when there is none; `then`: and by itself after it."""
    if moment is None:
        return ""
    seconds = max(1, round((moment - (now or datetime.now(UTC))).total_seconds()))
    if seconds > 90:
        minutes = round(seconds / 60)
        words = ngettext(
            "Next try in %(count)d minute.", "Next try in %(count)d minutes.", minutes
        ) % {"count": minutes}
    else:
        words = ngettext(
            "Next try in %(count)d second.", "Next try in %(count)d seconds.", seconds
        ) % {"count": seconds}
    return _("%(next_try)s, then again by itself.") % {"next_try": words[:-1]} if then else words
