"""What the checker knows of values: when two are the same, and what a set or a text is made of.

Written down here by hand from domain.md, not taken from the program's declarations.
"""

import json
from typing import Any

SETS = frozenset({"themes", "contacts", "repeatable_in", "transactions", "sbi", "member_of"})
TEXTS = frozenset(
    {"description", "summary", "status_reason", "support", "upkeep", "public_text", "conditions",
     "remarks", "plan_text"}
)  # fmt: skip
TOGETHER = (
    ("kern", "kern_chosen"),
    ("geometry", "outside_municipality", "location_accuracy"),
    ("start_date", "expected_end_date"),
    ("budget_total", "budget_requested"),
    ("next_action", "action_date"),
    ("publish_from", "publish_until"),
)
"""Fields of one merge group: one decision when two people edit."""


def key(value: Any) -> str:
    """Return a text that is equal for equal values; everything empty is equal."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if value in (None, False, "", [], {}):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same to a person."""
    return key(one) == key(other)


def is_joined(name: str) -> bool:
    """Whether two people's edits of the field are joined by themselves: by element or paragraph."""
    return name in SETS or name in TEXTS


def parts(name: str, value: Any) -> set[str]:
    """Return the elements of a set, or the paragraphs of a text."""
    if name in TEXTS:
        return {line.strip("\n") for line in (value or "").splitlines()} - {""}
    return {key(item) for item in value or []}


def together_with(name: str) -> tuple[str, ...]:
    """Return the fields of the merge group of `name`, itself included."""
    return next((group for group in TOGETHER if name in group), (name,))
