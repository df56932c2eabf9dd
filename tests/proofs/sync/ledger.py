"""Holding the shared database's own history, and what every laptop shows at the end, against the acts.

No import of the program here either: the log lines, rows and receipts are JSON out of the history.
"""

import json
from collections import defaultdict
from typing import Any

from tests.proofs.sync.checker import Checker
from tests.proofs.sync.desk import Desk, Event, Violation
from tests.proofs.sync.values import is_joined, key, parts, same, together_with

ENTITIES = ("initiative", "contact_person", "plot", "attachment")


def check(history: Event) -> list[Violation]:
    """Return every promise that this history breaks; a history that keeps them gives none."""
    checker = _Whole()
    checker.read(history["events"])
    return checker.violations


class _Whole(Checker):
    """The checker with what is known only when stock was taken."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, Event] = {}
        self.told: dict[tuple[str, str], set[str]] = defaultdict(set)
        """What the shared history says was ever stored or lost, by record and field."""
        self.purged: set[str] = set()
        self.typed: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self.dropped: dict[tuple[str, str, str], set[str]] = defaultdict(set)

    def on_stock(self, event: Event) -> None:
        self._note_meant()
        self.told.clear()
        ledger = _Ledger(self, event["rows"])
        for line in sorted(event["log"], key=lambda line: int(line["seq"])):
            if line["entity"] in ENTITIES:
                ledger.add(line)
        ledger.close()
        if event["why"] == "end":
            self.rows = {i: row for i, row in event["rows"].items() if row["entity"] in ENTITIES}
            self._check_accounts()

    def _note_meant(self) -> None:
        """Note by device what its person added to and took out of sets and texts, act by act."""
        for at, act in self.saved:
            before, after = act.get("base", {}), act.get("typed", {})
            if act["do"] == "take_back":
                taken = self.desks[at].outbox.get(act["change"], {}).get("change", {})
                before = taken.get("values", {})
                after = {name: taken["base"].get(name) for name in before}
            for name in filter(is_joined, after):
                old, new = parts(name, before.get(name)), parts(name, after[name])
                place = (self.desks[at].device, act["record"], name)
                self.typed[place] |= new
                self.dropped[place] |= old - new

    # S1, S5: whatever was saved became something that a person can find, by their own doing

    def _check_accounts(self) -> None:
        for number, (at, act) in enumerate(self.saved):
            if act["do"] not in ("edit", "create") or act["record"] in self.purged:
                continue
            later = [a for who, a in self.saved[number + 1 :] if who == at]
            for name, value in act["typed"].items():
                if not same(act.get("base", {}).get(name), value):
                    self._check_account(at, act, name, value, later)

    def _check_account(
        self, at: str, act: Event, name: str, value: Any, later: list[Event]
    ) -> None:
        record, told = act["record"], self.told[act["record"], name]
        if same(value, self.rows.get(record, {}).get(name)):
            return
        if key(value) in told or any(_is_about(other, record, name) for other in later):
            return
        if is_joined(name):
            had = {part for text in told for part in _parts_told(name, text)}
            if parts(name, value) - parts(name, act.get("base", {}).get(name)) <= had:
                return
        self.fail("S1", f"{record}.{name} = {value!r} of {at} (event {act['n']}) came to nothing")

    # S3, S14: in the end all are equal

    def on_inventory(self, event: Event) -> None:
        if any(event["left"].values()):
            self.fail("S14", f"{event['at']} still has work to do: {event['left']}")
        screen = self.desks[event["at"]].screen
        # What a restored database lost and would not have again is told by comparing, not deleted.
        # What was taken back before anyone had it stays as a tombstone; also what was lost there.
        shown = {
            i: row for i, row in screen.items()
            if not row["deleted"] or (row["revision"] and not self.lost) or i in self.rows
        }  # fmt: skip
        made_in_vain = {
            body["record_id"]
            for change, body in self.bodies.items()
            if change in self.lost and body["kind"] == "create"
        }
        for record in shown.keys() - self.rows.keys() - made_in_vain:
            self.fail("S14", f"{event['at']} shows {record}, which the shared database has not")
        for record, row in self.rows.items():
            if record not in shown:
                self.fail("S3", f"{event['at']} never got {record}")
            else:
                self._check_row(event["at"], record, row, shown[record])
        self._check_photos(event)
        self._check_findable(event)

    def _check_findable(self, event: Event) -> None:
        """S1: everything that was ever saved here is found: shared, in the history, or in the outbox."""
        desk = self.desks[event["at"]]
        found = _all_of(event["history"], desk)
        given_up = self._given_up(event["at"])
        for at, act in self.saved:
            if (
                at != event["at"]
                or act["do"] not in ("edit", "create")
                or act["record"] in given_up
            ):
                continue
            for name, value in act["typed"].items():
                values = found[act["record"], name] | self.told[act["record"], name]
                if act["record"] not in self.purged and not _is_among(name, value, values):
                    self.fail("S1", f"{act['record']}.{name} = {value!r} of {at} can't be found")

    def _given_up(self, laptop: str) -> set[str]:
        """Return what its maker took back and may not see: that goes for good (`forgetting`)."""
        taken_back = {
            act["record"] for at, act in self.saved if at == laptop and act["do"] == "take_back"
        }
        return taken_back - self.desks[laptop].screen.keys() - self.rows.keys()

    def _check_row(self, at: str, record: str, row: Event, shown: Event) -> None:
        if bool(row.get("deleted")) != shown["deleted"] or row.get("code") != shown["code"]:
            self.fail("S14", f"{at} shows {record} as {shown}, stored is {row}")
        for name, value in shown["values"].items():
            if not same(value, row.get(name)):
                self.fail("S14", f"{at} shows {record}.{name} {value!r}, not {row.get(name)!r}")

    def _check_photos(self, event: Event) -> None:
        for row in self.rows.values():
            if row["entity"] == "attachment" and not row.get("deleted"):
                held = event["blobs"].get(row["sha256"], 0)
                if held != row["size_bytes"]:
                    self.fail("S12", f"{event['at']} has {held} bytes of {row['file_name']}")


class _Ledger:
    """One reading of the shared history, from its first line to its last."""

    def __init__(self, checker: _Whole, rows: Event) -> None:
        self.checker, self.rows = checker, rows
        self.state: dict[str, dict[str, Any]] = defaultdict(dict)
        self.deleted: dict[str, bool] = {}
        self.written: set[tuple[str, str]] = set()

    def add(self, line: Event) -> None:
        """Take in one line."""
        record, change, kind = line["record_id"], line.get("change_id"), line["kind"]
        if kind == "conflict":
            for name, (_, lost) in line["fields"].items():
                self.checker.told[record, name].add(key(lost))
            return
        if kind == "purge":
            self.checker.purged.add(record)
            self.state.pop(record, None)
            self.deleted.pop(record, None)
            return
        body = self.checker.bodies.get(change or "")
        if change and body is None:
            self.checker.fail(
                "S2", f"the shared history tells of change {change}, which nobody sent"
            )
            return
        if (change, kind) in self.written:
            self.checker.fail("S2", f"change {change} was stored twice ({kind})")
        self.written.add((change, kind))
        if body is not None:
            getattr(self, f"_{kind}", self._ignore)(line, body)

    def close(self) -> None:
        """Compare what the lines add up to with the rows that are there."""
        for record, values in self.state.items():
            row = self.rows.get(record, {})
            if self.deleted.get(record, False) != bool(row.get("deleted")):
                self.checker.fail("S2", f"{record}: the history and the row differ on its deletion")
            for name, value in values.items():
                if not same(value, row.get(name)):
                    text = f"{record}.{name}: the history says {value!r}, the row {row.get(name)!r}"
                    self.checker.fail("S2", text)

    def _ignore(self, line: Event, body: Event) -> None:
        pass

    def _create(self, line: Event, body: Event) -> None:
        for name, value in self.checker.latest[body["id"]]["values"].items():
            self.state[line["record_id"]][name] = value
            self.checker.told[line["record_id"], name].add(key(value))
        self.deleted[line["record_id"]] = False

    def _restore(self, line: Event, body: Event) -> None:
        self.deleted[line["record_id"]] = False

    def _delete(self, line: Event, body: Event) -> None:
        """S5: nobody deletes values that they never saw."""
        record = line["record_id"]
        self.deleted[record] = True
        for name, value in self.state[record].items():
            if not self._saw(body, name, value):
                self.checker.fail(
                    "S5", f"{record} was deleted by one who never saw {name} {value!r}"
                )

    def _edit(self, line: Event, body: Event) -> None:
        record = line["record_id"]
        state = self.state[record]
        if self.deleted.get(record):
            self.checker.fail("S5", f"{record} was edited by {body['id']} while it was deleted")
        for name, (old, new) in line["fields"].items():
            if name in state and not same(state[name], old):
                self.checker.fail("S2", f"{record}.{name}: {state[name]!r} before, {old!r} told")
            self._check_write(line, body, name, (old, new))
        for name, (_, new) in line["fields"].items():
            state[name] = new
            self.checker.told[record, name].add(key(new))

    def _check_write(self, line: Event, body: Event, name: str, pair: tuple[Any, Any]) -> None:
        """S4: a value gives way only to an edit that was made on it, by someone who saw it."""
        record, (old, new) = line["record_id"], pair
        if not same(new, body["values"].get(name)):
            self.checker.fail(
                "S4", f"{record}.{name} became {new!r}, which {body['id']} does not say"
            )
        for other in together_with(name):
            there = old if other == name else self.state[record].get(other)
            if other in body["base"] and not same(there, body["base"][other]):
                text = (
                    f"{record}.{other} was {there!r}, the edit was made on {body['base'][other]!r}"
                )
                self.checker.fail("S4", text)
        if not self._saw(body, name, old) and not self._is_merge(body, name, pair):
            self.checker.fail("S4", f"{record}.{name}: {old!r} gave way unseen to {new!r}")

    def _saw(self, body: Event, name: str, value: Any) -> bool:
        until = self.checker.arrived_at[body["id"]]
        return self.checker.has_seen(body["device_id"], body["record_id"], name, value, until)

    def _is_merge(self, body: Event, name: str, pair: tuple[Any, Any]) -> bool:
        """Whether it only joins what this person added and took out to what was there."""
        if not is_joined(name):
            return False
        old, new = (parts(name, value) for value in pair)
        place = (body["device_id"], body["record_id"], name)
        return new - old <= self.checker.typed[place] and old - new <= self.checker.dropped[place]


def _is_about(act: Event, record: str, name: str) -> bool:
    """Whether an act is a later word on this field: it, the whole record, or the answer to a question."""
    if act["record"] != record:
        return False
    if act["do"] in ("delete", "restore", "take_back", "reopen"):
        return True
    if act["do"] == "decide" and act["kind"] != "fields":
        return True
    return bool(set(together_with(name)) & act.get("typed", {}).keys())


def _parts_told(name: str, text: str) -> set[str]:
    return parts(name, json.loads(text))


def _all_of(history: Event, desk: Desk) -> dict[tuple[str, str], set[str]]:
    """Return every value that a laptop can show, now or as a past one, by record and field."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record, row in desk.screen.items():
        for name, value in row["values"].items():
            found[record, name].add(key(value))
    for entry in desk.outbox.values():
        change = entry["change"]
        for name, value in [*change["values"].items(), *change["base"].items()]:
            found[change["record_id"], name].add(key(value))
    for record, lines in history.items():
        for line in lines:
            for name, pair in line["fields"].items():
                found[record, name] |= {key(value) for value in pair}
    return found


def _is_among(name: str, value: Any, found: set[str]) -> bool:
    if key(value) == "null" or key(value) in found:
        return True
    if not is_joined(name):
        return False
    return parts(name, value) <= {part for text in found for part in _parts_told(name, text)}
