"""Deleted here, edited there and the other way round: a question, never a silent outcome."""

from db.entities.initiative import Theme
from db.sync import checking
from tests.sync.conftest import Office
from tests.sync.scenes import agree, edit, shared_plan, shown

GREEN, SPORT, CARE = Theme.GREEN, Theme.SPORT, Theme.CARE


def test_two_edits_of_a_deleted_record_are_one_question(office: Office) -> None:
    """Keeping it keeps both edits."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Eerst dit")
    edit(office.neede, plan, title="Toen dat", supporters=3)
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert dict(question.conflict.ours) == {"title": "Toen dat", "supporters": 3}
    office.neede.store.resolve(question.id, {"deleted": False})
    settled = agree(office, plan)
    assert (settled.title, settled.supporters, settled.deleted) == ("Toen dat", 3, False)


def test_an_edit_after_the_delete_question_joins_it(office: Office) -> None:
    """There is never a second question that could be answered otherwise."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    edit(office.neede, plan, title="Eerst dit")
    office.sync(1)
    edit(office.neede, plan, supporters=3)
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert dict(question.conflict.ours) == {"title": "Eerst dit", "supporters": 3}


def test_what_belongs_together_is_one_value_while_it_is_asked_whether_it_is_deleted(
    office: Office,
) -> None:
    """A colleague's budget is not shown with one's own amount of it."""
    plan = shared_plan(office, budget_total=10_00)
    edit(office.neede, plan, budget_requested=5_00)
    edit(office.eibergen, plan, budget_total=20_00)
    office.eibergen.delete(shown(office.eibergen, plan))
    office.sync(1)
    mine = shown(office.neede, plan)
    assert (mine.deleted, mine.budget_total, mine.budget_requested) == (False, 10_00, 5_00)


def test_deleting_answers_the_delete_question_for_later_edits_too(office: Office) -> None:
    """Who agrees that it is gone is not asked again for an edit that still waited."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    edit(office.neede, plan, title="Eerst dit")
    office.sync(1)
    edit(office.neede, plan, supporters=3)
    office.neede.delete(shown(office.neede, plan))
    assert office.neede.sync()
    assert shown(office.neede, plan).deleted
    assert agree(office, plan).deleted


def test_what_stays_deleted_no_more_still_shows_an_own_undecided_value(office: Office) -> None:
    """One question answered, the other open: its value is not taken off the screen."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Van Eibergen")
    edit(office.neede, plan, title="Van Neede")
    office.neede.delete(shown(office.neede, plan))
    office.sync(1)
    kinds = {item.kind: item for item in office.neede.store.conflicts()}
    office.neede.store.resolve(kinds["edited_there"].id, {"deleted": False})
    assert shown(office.neede, plan).title == "Van Neede"
    office.neede.store.resolve(kinds["fields"].id, {"title": "Van Neede"})
    assert agree(office, plan).title == "Van Neede"


def test_edited_then_deleted_of_what_was_deleted_there_asks_nothing(office: Office) -> None:
    """Both wanted it gone."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Toch niet")
    office.neede.delete(shown(office.neede, plan))
    assert agree(office, plan).deleted


def test_deleted_then_brought_back_here_keeps_the_edit(office: Office) -> None:
    """Restoring what a colleague deleted brings back one's own edit, too."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    assert office.eibergen.sync()
    edit(office.neede, plan, title="Blijft")
    office.neede.delete(shown(office.neede, plan))
    office.neede.store.restore(shown(office.neede, plan))
    settled = agree(office, plan)
    assert (settled.title, settled.deleted) == ("Blijft", False)


def test_bringing_back_answers_the_question_of_the_delete(office: Office) -> None:
    """Who restores it has decided; it does not vanish again."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Net gewijzigd")
    office.neede.delete(shown(office.neede, plan))
    office.sync(1)
    office.neede.store.restore(shown(office.neede, plan))
    assert office.neede.store.conflicts() == ()
    settled = agree(office, plan)
    assert (settled.title, settled.deleted) == ("Net gewijzigd", False)


def test_deleting_answers_the_question_of_the_edit(office: Office) -> None:
    """Who deletes it too has decided."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    edit(office.neede, plan, title="Nog bezig")
    office.sync(1)
    office.neede.delete(shown(office.neede, plan))
    assert office.neede.store.conflicts() == ()
    assert agree(office, plan).deleted


def test_a_delete_that_comes_while_a_question_is_open_is_part_of_it(office: Office) -> None:
    """One's own undecided value never vanishes with the record."""
    plan = shared_plan(office)
    edit(office.eibergen, plan, title="Van Eibergen")
    edit(office.neede, plan, title="Van Neede")
    office.sync(1)
    office.eibergen.delete(shown(office.eibergen, plan))
    office.sync(1)
    [question] = office.neede.store.conflicts()
    assert question.kind == "deleted_there"
    assert dict(question.conflict.ours) == {"title": "Van Neede"}
    assert not shown(office.neede, plan).deleted
    office.neede.store.resolve(question.id, {"deleted": False})
    office.sync()
    [double] = office.neede.store.conflicts()  # kept, so the double edit is still to be decided
    assert dict(double.conflict.theirs) == {"title": "Van Eibergen"}
    office.neede.store.resolve(double.id, double.conflict.ours)
    assert agree(office, plan).title == "Van Neede"


def test_a_record_that_comes_back_there_takes_the_edit_after_all(office: Office) -> None:
    """The question is over: the edit is offered again."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    edit(office.neede, plan, title="Nog bezig")
    office.sync(1)
    office.eibergen.store.restore(shown(office.eibergen, plan))
    settled = agree(office, plan)
    assert (settled.title, settled.deleted) == ("Nog bezig", False)


def test_a_delete_pulled_over_a_new_edit_leaves_it_visible(office: Office) -> None:
    """A save between sending and receiving is asked about, not hidden."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    assert office.eibergen.sync()
    edit(office.neede, plan, supporters=1)  # so that there is a push
    office.neede.network.then["push"] = lambda: edit(office.neede, plan, title="Net getypt")
    assert office.neede.sync()
    assert not shown(office.neede, plan).deleted
    assert office.neede.sync()
    [question] = office.neede.store.conflicts()
    assert dict(question.conflict.ours) == {"supporters": 1, "title": "Net getypt"}
    assert not shown(office.neede, plan).deleted


def test_comparing_takes_no_open_question_for_damage(office: Office) -> None:
    """What is shown differs from what is shared as long as nobody has decided."""
    plan = shared_plan(office)
    office.eibergen.delete(plan)
    edit(office.neede, plan, title="Van Neede")
    office.sync(1)
    assert office.neede.store.conflicts()
    assert checking.check_contents(office.neede.store, office.neede.network).repaired == 0
