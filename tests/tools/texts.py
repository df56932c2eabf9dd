"""Keep the Dutch catalogue in step with the source: extract, fill in, report, compile.

The .po file is committed and edited by people; the .mo file is made here and is not. Several people
(or programs) may run this at once, so reading, changing and writing happen under one lock file.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "resources/locale/nl/LC_MESSAGES/naoberkaart.po"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}
SOURCES = ("db", "desktop_app")
LOCK_TIMEOUT_S = 60
HEADER = """\
# Dutch texts of Naoberkaart. Plain Dutch (B1), "u", at most 15 words a sentence.
# SPDX-License-Identifier: EUPL-1.2"""
NOISE = tuple(
    f'"{name}'
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid-Bugs-To",
        "Project-Id-Version",
    )
)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the catalogue; a lock older than a minute was left behind and is taken over."""
    lock = path.with_suffix(".lock")
    give_up = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if time.monotonic() > give_up:
                lock.unlink(missing_ok=True)
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def extracted() -> Catalog:
    """Return every message id in the source, with where it stands (file only: fewer merge rows)."""
    template = Catalog()
    for source in SOURCES:
        found = extract_from_dir(
            ROOT / source, [("**.py", "python")], keywords=KEYWORDS, comment_tags=["Translators:"]
        )
        for name, _line, message, comments, _context in found:
            template.add(message, locations=[(f"{source}/{name}", None)], auto_comments=comments)
    return template


def catalogue() -> Catalog:
    """Return the Dutch catalogue as it is on disk, or an empty one."""
    texts = Catalog(locale="nl")
    if PO.exists():
        with PO.open("rb") as stream:
            texts = read_po(stream, locale="nl", domain="naoberkaart")
    texts.fuzzy, texts.header_comment, texts.project, texts.version = (
        False,
        HEADER,
        "Naoberkaart",
        "1",
    )
    return texts


def write(texts: Catalog) -> None:
    """Replace the .po file whole, sorted, without line numbers or dates that only make noise."""
    fresh = PO.with_suffix(".po.new")
    with fresh.open("wb") as stream:
        write_po(
            stream, texts, width=100, sort_output=True, omit_header=False, include_lineno=False
        )
    lines = fresh.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(NOISE) and line != "#"]
    fresh.write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")
    fresh.replace(PO)


def compile_mo() -> Path:
    """Write the .mo file beside the .po; texts without Dutch are left out and show in English."""
    made = PO.with_suffix(".mo")
    fresh = made.with_suffix(f".mo.{os.getpid()}")
    with fresh.open("wb") as stream:
        write_mo(stream, catalogue())
    fresh.replace(made)
    return made


def fill(texts: Catalog, given: dict[str, str | list[str]]) -> None:
    """Put Dutch beside ids; `"one|many"` is a plural id and takes a list of two texts."""
    for msgid, dutch in given.items():
        plural = not isinstance(dutch, str)
        texts.delete(msgid.split("|")[0] if plural else msgid)
        texts.add(tuple(msgid.split("|")) if plural else msgid, tuple(dutch) if plural else dutch)


def missing(texts: Catalog, template: Catalog) -> list[str]:
    """Return the ids in the source that have no Dutch text."""
    return [str(m.id) for m in template if m.id and not is_translated(texts.get(m.id))]


def is_translated(message: Message | None) -> bool:
    """Tell whether every form of the message has a text."""
    if message is None or message.fuzzy:
        return False
    forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return bool(forms) and all(forms)


def update(given: dict[str, str | list[str]], *, prune: bool) -> list[str]:
    """Bring the .po in step with the source and return the ids that still lack Dutch.

    Texts given for ids that are not (yet) in the source are kept until `prune` asks to drop them.
    """
    with locked(PO):
        texts, template = catalogue(), extracted()
        fill(texts, given)
        for message in texts:
            if message.id and message.id not in template and not prune:
                template.add(message.id)
        texts.update(template, no_fuzzy_matching=True)
        texts.obsolete.clear()
        write(texts)
        compile_mo()
    return missing(texts, template)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; returns 1 when Dutch texts are missing."""
    parser = argparse.ArgumentParser(prog="dev.py texts", description=__doc__)
    parser.add_argument("--set", type=Path, metavar="FILE.json", help='{"msgid": "msgstr"}')
    parser.add_argument("--compile", action="store_true", help="only compile the .mo")
    parser.add_argument("--prune", action="store_true", help="drop texts the source no longer has")
    options = parser.parse_args(arguments)
    if options.compile:
        compile_mo()
        return 0
    given = json.loads(options.set.read_text(encoding="utf-8")) if options.set else {}
    absent = update(given, prune=options.prune)
    for msgid in absent:
        print(f"no Dutch: {msgid}")
    print(f"{len(absent)} texts without Dutch", file=sys.stderr)
    return 1 if absent and not given else 0


if __name__ == "__main__":
    sys.exit(main())
