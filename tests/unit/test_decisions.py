"""A person's answer to a double edit becomes the values the store wants."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from db.local.conflicts import DELETED_THERE, EDITED_THERE, FIELDS, OpenConflict
from db.merge import Conflict
from desktop_app.services.decisions import decision_for


def question(kind: str) -> OpenConflict:
    conflict = Conflict(("title",), {"title": "Was"}, {"title": "Mijn"}, {"title": "Hun"})
    moment = datetime(2027, 3, 12, tzinfo=UTC)
    return OpenConflict(uuid4(), "initiative", uuid4(), kind, conflict, None, None, moment)


@pytest.mark.parametrize(
    ("kind", "theirs", "values"),
    [
        (FIELDS, False, {"title": "Mijn"}),
        (FIELDS, True, {"title": "Hun"}),
        (DELETED_THERE, False, {"deleted": False}),
        (DELETED_THERE, True, {"deleted": True}),
        (EDITED_THERE, False, {"deleted": True}),
        (EDITED_THERE, True, {"deleted": False}),
    ],
)
def test_mine_and_theirs(kind: str, theirs: bool, values: dict[str, object]) -> None:
    assert decision_for(question(kind), theirs=theirs) == values
