"""The command line: the same use cases as the window, for administrators, jobs and tests. No Qt.

Results go to standard output (records and `--json` as one JSON object a line), everything said to a
person to standard error. Exit codes: 0 done, 2 wrong use, 3 shared database unreachable (nothing
lost), 4 done but needs a person, 5 the local store can't be read; 1 a full disk or a bug.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from db.errors import AppError, LocalStoreDamaged, Unreachable, UserProblem
from desktop_app import i18n
from desktop_app.cli import admin, bundle, exchange, outbox, records, shared
from desktop_app.cli.argparse_words import our_words
from desktop_app.cli.context import (
    DAMAGED,
    FAILED,
    UNREACHABLE,
    WRONG_USE,
    Context,
    say,
)
from desktop_app.i18n import _
from desktop_app.profile import NoKeyPlace, profile_at
from desktop_app.services.problem_text import error_text

LANGUAGE = "NAOBERKAART_LANG"


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    shared_options = argparse.ArgumentParser(add_help=False)
    shared_options.add_argument(
        "--profile", type=Path, metavar="DIR", default=argparse.SUPPRESS,
        help=_("folder with one person's store and settings"),
    )  # fmt: skip
    shared_options.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS,
        help=_("write JSON to standard output"),
    )  # fmt: skip
    made = argparse.ArgumentParser(
        prog="naoberkaart",
        description=_("Without a command the window opens."),
        parents=[shared_options],
    )
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    for module in (records, exchange, shared, outbox, bundle, admin):
        module.add_commands(commands, shared_options)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; without a command, open the window."""
    _write_utf8()
    folder = _folder_of(arguments)
    i18n.use(_language(folder))
    with our_words():
        options = parser().parse_args(arguments)
    profile = profile_at(getattr(options, "profile", None))
    if options.command is None:
        from desktop_app.app import main as open_window

        return int(open_window([sys.argv[0], "--profile", str(profile.folder)]))
    context = Context(profile, is_json=getattr(options, "json", False))
    try:
        return int(options.run(context, options))
    except KeyboardInterrupt:
        say(_("Stopped."))
        return FAILED
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone; nothing more to flush
        return FAILED
    except AppError as error:
        say(error_text(error))
        return exit_code(error)
    finally:
        context.close()


def exit_code(error: AppError) -> int:
    """Return the exit code of design.md section 7 for an error."""
    match error:
        case Unreachable():
            return UNREACHABLE
        case LocalStoreDamaged():
            return DAMAGED
        case UserProblem() | NoKeyPlace():
            return WRONG_USE
    return FAILED


def _folder_of(arguments: Sequence[str] | None) -> Path | None:
    """Find --profile before parsing, as it holds the language that the parser speaks."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument("--profile", type=Path)
    try:
        found: Path | None = early.parse_known_args(arguments)[0].profile
    except (argparse.ArgumentError, SystemExit):
        return None
    return found


def _language(folder: Path | None) -> str:
    wanted = os.environ.get(LANGUAGE, "")
    if wanted in i18n.LANGUAGES:
        return wanted
    return str(profile_at(folder).settings().language.value)


def _write_utf8() -> None:
    """Write UTF-8 whatever the console thinks: JSON is UTF-8, and a pipe is no console."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(
                encoding="utf-8", errors="backslashreplace" if stream is sys.stderr else "strict"
            )
