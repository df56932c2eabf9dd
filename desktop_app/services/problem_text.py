"""Problems and errors as sentences in the language in use.

`db` speaks in English message ids with details; a detail that is itself a label (a field, a code)
is translated as well, what a person typed never is.
"""

from collections.abc import Mapping

from db.errors import AppError, UserProblem
from db.fields import Record, fields_of
from db.rules import Problem
from desktop_app.i18n import _

_LABELS = frozenset({"field", "old", "new", "kind", "entity"})


def problem_text(problem: Problem) -> str:
    """Return what is wrong, as one sentence to stand under the field."""
    return _filled(problem.message, problem.details)


def error_text(error: AppError) -> str:
    """Return a known error as one sentence."""
    return _filled(error.message, error.details)


def problem_lines(entity: type[Record], error: UserProblem) -> list[str]:
    """Return an error as lines: "Title: Fill this in." for each problem, else its sentence."""
    specs = fields_of(entity)
    lines = [
        f"{_(specs[problem.field].meta.label) if problem.field in specs else problem.field}: "
        f"{problem_text(problem)}"
        for problem in error.problems
    ]
    return lines or [error_text(error)]


def _filled(message: str, details: Mapping[str, object]) -> str:
    if not details:
        return _(message)
    shown = {
        name: _(value) if name in _LABELS and isinstance(value, str) else value
        for name, value in details.items()
    }
    return _(message) % shown


def anew_text() -> str:
    """Return what became of what was typed on a record that was removed for good."""
    return _("What you typed is kept here as a new record. Complete it and save, or cancel.")
