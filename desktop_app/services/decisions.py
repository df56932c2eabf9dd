"""What a person's answer to a double edit means for the store."""

from db.changes import Values
from db.local.conflicts import DELETED_THERE, FIELDS, OpenConflict


def decision_for(item: OpenConflict, *, theirs: bool) -> Values:
    """Return the values that `LocalStore.resolve` wants for "mine" or "theirs".

    For a deletion against an edit the answer is whether the record is gone: theirs, where they
    deleted it, and mine, where I did.
    """
    if item.kind == FIELDS:
        return dict(item.conflict.theirs if theirs else item.conflict.ours)
    return {"deleted": theirs == (item.kind == DELETED_THERE)}
