"""The next step of a record, what stands in its way, and steps that ask for a reason."""

import pytest

from db.entities.initiative import InitiativeStatus, Phase
from db.entities.premises import Availability, CheckResult
from desktop_app import i18n
from desktop_app.services.steps import (
    Step,
    asks_reason,
    checked,
    next_step,
    obstacles,
    other_steps,
    step_done_text,
    with_reason,
)
from tests.factories import initiative, organisation, premises


@pytest.fixture(autouse=True)
def dutch() -> None:
    i18n.use("nl")


def test_the_button_names_the_usual_next_step() -> None:
    step = next_step(initiative(phase=Phase.PLAN))
    assert step is not None
    assert step.words == "Naar toetsing"
    assert next_step(initiative(phase=Phase.STOPPED)) is None
    assert next_step(organisation()) is None


def test_only_allowed_states_are_offered() -> None:
    steps = other_steps(initiative(status=InitiativeStatus.DONE))
    assert [step.code for step in steps["Status"]] == [InitiativeStatus.REOPENED]


def test_a_step_that_needs_more_says_what() -> None:
    step = Step("phase", Phase.EXECUTION)
    fields = {problem.field for problem in obstacles(initiative(phase=Phase.REVIEW), step)}
    assert fields == {"upkeep", "upkeep_organisation"}
    assert not asks_reason(initiative(), step)


def test_stopping_asks_for_a_reason_and_nothing_else() -> None:
    step, record = Step("phase", Phase.STOPPED), initiative()
    assert asks_reason(record, step)
    stopped = with_reason(record, step, "Geen geld.")
    assert not obstacles(stopped, step)


def test_an_offer_that_was_checked_is_due_in_three_months() -> None:
    done = checked(premises(availability=Availability.AVAILABLE))
    assert done.check_result is CheckResult.FULL
    assert done.next_check is not None
    assert done.checked_on is not None
    assert (done.next_check - done.checked_on).days == 90


def test_what_was_done_is_told_in_a_sentence() -> None:
    words = step_done_text(initiative(), Step("phase", Phase.REVIEW))
    assert words == "Dorpsplein opnieuw inrichten: fase is nu toetsing."
