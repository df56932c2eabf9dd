"""A change as it is sent, and what can never be sent.

PostgreSQL's text has no NUL character, UTF-8 no half of a pair of surrogates and JSON no infinity. One
such value would make the whole push unreadable, so the change that has it is refused here, alone.
"""

import json
from collections.abc import Mapping
from typing import Any

from db.changes import Change, ChangeKind, Json


def wire_of(change: Change) -> dict[str, Json]:
    """Return the wire form; what a new record leaves empty (most of it) is left out."""
    wire = change.to_json()
    if change.kind is ChangeKind.CREATE:
        wire["values"] = {
            n: v for n, v in change.values.items() if v is not None or n in change.base
        }
    return wire


def text_of(change: Change) -> str | None:
    """Return the JSON text of `change`; None when it can't be sent."""
    return _text(wire_of(change))


def unsendable_field(change: Change) -> str:
    """Return the first field whose value can't be sent, or ''."""
    for values in (change.values, change.base):
        for name in sorted(values):
            if _text({name: values[name]}) is None:
                return name
    return ""


def _text(value: dict[str, Any]) -> str | None:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError:
        return None
    return None if "\\u0000" in text and _has_nul(value) else text


def _has_nul(value: Json) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(map(_has_nul, (*value, *value.values())))
    return isinstance(value, list) and any(map(_has_nul, value))


def line_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of the shared history as a laptop gets it."""
    return {name: item for name, item in line.items() if name != "is_personal"}
