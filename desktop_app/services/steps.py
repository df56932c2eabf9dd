"""The step a record usually takes next, and the other steps it may take: what the detail offers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from db.entities.demand import RequestStatus
from db.entities.initiative import InitiativeStatus, Phase
from db.entities.premises import Availability, CheckResult, PlotStatus, Premises
from db.fields import CodeList, FieldSpec, Record, fields_of
from db.rules import Problem, allowed_next, errors, problems
from desktop_app.i18n import _
from desktop_app.services.history_text import label_in_sentence
from desktop_app.services.typed_dates import today

CHECK_AGAIN_DAYS = 90
"""An offer that was checked is due again after this (domain.md 2.2)."""

_NEXT: Mapping[CodeList, CodeList] = {
    Phase.IDEA: Phase.EXPLORATION,
    Phase.EXPLORATION: Phase.PLAN,
    Phase.PLAN: Phase.REVIEW,
    Phase.REVIEW: Phase.EXECUTION,
    Phase.EXECUTION: Phase.MAINTENANCE,
    Phase.MAINTENANCE: Phase.COMPLETED,
    Availability.EXPECTED: Availability.AVAILABLE,
    Availability.AVAILABLE: Availability.UNDER_OPTION,
    Availability.UNDER_OPTION: Availability.UNDER_OFFER,
    Availability.UNDER_OFFER: Availability.LET,
    PlotStatus.IN_PREPARATION: PlotStatus.AVAILABLE,
    PlotStatus.AVAILABLE: PlotStatus.IN_OPTION,
    PlotStatus.IN_OPTION: PlotStatus.RESERVED,
    PlotStatus.RESERVED: PlotStatus.ISSUED,
    RequestStatus.NEW: RequestStatus.IN_CONVERSATION,
    RequestStatus.IN_CONVERSATION: RequestStatus.OFFERED,
    RequestStatus.OFFERED: RequestStatus.VIEWING,
    RequestStatus.VIEWING: RequestStatus.SUCCEEDED,
}
_STEPPED = {
    "initiative": ("phase", "status"),
    "premises": ("availability",),
    "plot": ("status",),
    "search_request": ("status",),
}
REASONS = {"initiative": "status_reason", "search_request": "lapse_reason"}


@dataclass(frozen=True, slots=True)
class Step:
    """Setting one code of a record to another."""

    field: str
    code: CodeList

    @property
    def words(self) -> str:
        """Return "To review"."""
        return _("To %(state)s") % {"state": lowered(_(self.code.label))}


def lowered(word: str) -> str:
    """Return a label as it stands inside a sentence."""
    return word[:1].lower() + word[1:]


def next_step(record: Record) -> Step | None:
    """Return the step that usually comes next, or None."""
    for name in _STEPPED.get(record.ENTITY, ())[:1]:
        code = _NEXT.get(getattr(record, name))
        if code is not None:
            return Step(name, code)
    return None


def other_steps(record: Record) -> dict[str, tuple[Step, ...]]:
    """Return every step that is allowed, by the label of its field."""
    found: dict[str, tuple[Step, ...]] = {}
    for name in _STEPPED.get(record.ENTITY, ()):
        spec: FieldSpec = fields_of(type(record))[name]
        current = getattr(record, name)
        allowed = allowed_next(record.ENTITY, name, current)
        codes = [code for code in spec.type if code != current]
        kept = tuple(Step(name, code) for code in codes if allowed is None or code in allowed)
        if kept:
            found[_(spec.meta.label)] = kept
    return found


def taken(record: Record, step: Step) -> Record:
    """Return the record after a step."""
    return replace(record, **{step.field: step.code})  # type: ignore[arg-type]


def obstacles(record: Record, step: Step) -> tuple[Problem, ...]:
    """Return what would be wrong after a step; empty when it can be taken at once."""
    return errors(problems(taken(record, step), record))


def asks_reason(record: Record, step: Step) -> bool:
    """Whether a step needs a reason and nothing else."""
    wanted = REASONS.get(record.ENTITY)
    if step.code in (Phase.STOPPED, InitiativeStatus.WITHDRAWN, RequestStatus.LAPSED):
        return all(problem.field == wanted for problem in obstacles(record, step))
    return False


def with_reason(record: Record, step: Step, reason: str) -> Record:
    """Return the record after a step, with the reason given."""
    return replace(taken(record, step), **{REASONS[record.ENTITY]: reason})  # type: ignore[arg-type]


def checked(record: Premises, on: date | None = None) -> Premises:
    """Return an offer as checked in full on this day, due again after three months."""
    day = on or today()
    return replace(
        record,
        checked_on=day,
        check_result=CheckResult.FULL,
        next_check=day + timedelta(days=CHECK_AGAIN_DAYS),
    )


def step_done_text(record: Record, step: Step) -> str:
    """Return "Dorpsplein Rekken: phase is now review."."""
    spec = fields_of(type(record))[step.field]
    return _("%(title)s: %(field)s is now %(state)s.") % {
        "title": record.title_text,
        "field": label_in_sentence(spec),
        "state": lowered(_(step.code.label)),
    }
