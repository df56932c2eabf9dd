"""The last check of both sides, in words: "Check at 09:14: both sides were equal"."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.entities import ENTITIES
from db.local.store import LocalStore
from desktop_app.i18n import NBSP, _, format_number, ngettext
from desktop_app.services.sync_text import clock_text
from desktop_app.tokens import Tone

NAMED = ("initiative", "premises", "plot", "attachment")
"""What is named by itself; the rest is told as one number."""


@dataclass(frozen=True, slots=True)
class CheckText:
    """How the last check ended: a sentence, what was compared, and its icon."""

    title: str
    words: str
    icon: str = "shield-check-outline"
    tone: Tone = Tone.GREEN


def last_check(store: LocalStore) -> Mapping[str, object] | None:
    """Return what the last check of both sides found; None when there was none."""
    found = store.meta("last_check")
    if not found:
        return None
    value = json.loads(found)
    return value if isinstance(value, dict) else None


def check_text(store: LocalStore) -> CheckText:
    """Return the last check in words; without one, what this laptop holds."""
    found = last_check(store)
    if found is None:
        title = _("Not compared yet") if store.is_connected else _("On this laptop")
        return CheckText(title, counts_text(store.counts()) + ".", "laptop", Tone.MUTED)
    at = clock_text(datetime.fromisoformat(str(found["at"])))
    repaired, received = _number(found.get("repaired")), _number(found.get("received"))
    counts = found.get("counts")
    compared = _("%(counts)s compared.") % {
        "counts": counts_text(counts if isinstance(counts, dict) else {})
    }
    words = " ".join(part for part in (compared, _received(received)) if part)
    lost = _number(found.get("lost"))
    if lost:
        return _lost(at, lost, words)
    if found.get("is_equal", found.get("ok")) and not repaired:
        return CheckText(_("Check at %(time)s: both sides were equal") % {"time": at}, words)
    if repaired:
        mended = ngettext(
            "Check at %(time)s: %(count)d difference was put right",
            "Check at %(time)s: %(count)d differences were put right",
            repaired,
        )
        return CheckText(mended % {"time": at, "count": repaired}, words)
    title = _("Check at %(time)s: the sides differed. They are compared again.") % {"time": at}
    return CheckText(title, words, "shield-alert-outline", Tone.AMBER)


def _lost(at: str, count: int, words: str) -> CheckText:
    """Say that the shared database lacks records: nothing is removed here, and someone must know."""
    title = ngettext(
        "Check at %(time)s: %(count)d record is missing in the shared database",
        "Check at %(time)s: %(count)d records are missing in the shared database",
        count,
    ) % {"time": at, "count": count}
    more = _("They are still on this laptop. Call your administrator.")
    return CheckText(title, f"{words} {more}", "shield-alert-outline", Tone.AMBER)


def _received(count: int) -> str:
    """Return how many records came in with it, own work that got its number included; "" for none."""
    if not count:
        return ""
    words = ngettext(
        "%(count)s record was brought up to date here.",
        "%(count)s records were brought up to date here.",
        count,
    )
    return words.replace("%(count)s ", f"%(count)s{NBSP}") % {"count": format_number(count)}


def counts_text(counts: Mapping[str, int]) -> str:
    """Return "128 initiatives, 46 premises, 31 plots and 214 attachments"."""
    parts = [_counted(entity, counts.get(entity, 0)) for entity in NAMED if counts.get(entity)]
    rest = sum(count for entity, count in counts.items() if entity not in NAMED)
    if rest:
        words = ngettext("%(count)s other", "%(count)s others", rest)
        parts.append(words % {"count": format_number(rest)})
    if len(parts) < 2:
        return "".join(parts) or _("Nothing")
    return _("%(first)s and %(second)s") % {"first": ", ".join(parts[:-1]), "second": parts[-1]}


def _counted(entity: str, count: int) -> str:
    kind = ENTITIES[entity]
    word = _(kind.LABEL if count == 1 else kind.PLURAL)
    return f"{format_number(count)} {word[:1].lower()}{word[1:]}"


def _number(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) else 0
