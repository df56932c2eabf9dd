"""Whether a recorded history keeps the promises of synchronisation (design.md section 4).

It shares no code with the program and runs nothing of it: it reads the JSON of a history from its
first event to its last, keeps what each person saw and did, and holds every later event against that.
What the shared database tells at the end is held against it in `tests.proofs.sync.ledger`.
"""

from collections import defaultdict
from typing import Any

from tests.proofs.sync.desk import Desk, Event, Own, Violation, forget, meant
from tests.proofs.sync.values import is_joined, key, parts, same

UNSENT = ("waiting", "sent")
WITH_RECEIPT = ("stored", "conflict", "refused")
MAY_LEAVE = ("stored", "replaced", "taken_back")


class Checker:
    """Goes through a history; `violations` is what it found."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self.desks: dict[str, Desk] = defaultdict(Desk)
        self.bodies: dict[str, Event] = {}
        self.latest: dict[str, Event] = {}
        """Changes as they last arrived; what a database lost is made up again from the history."""
        self.lost: set[str] = set()
        self.arrived_at: dict[str, int] = {}
        self.given: dict[str, Event] = {}
        self.given_at_dump: dict[str, Event] = {}
        self.seen: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
        self.calls: dict[int, Event] = {}
        self.saved: list[tuple[str, Event]] = []
        """(laptop, act) of everything that was said to be kept."""
        self._event: Event = {"step": 0, "n": 0}

    def read(self, events: list[Event]) -> None:
        """Take in all events, oldest first."""
        for event in events:
            self._event = event
            getattr(self, f"on_{event['event']}", _nothing)(event)

    def fail(self, promise: str, text: str) -> None:
        """Note that a promise was not kept."""
        self.violations.append(Violation(promise, self._event["step"], self._event["n"], text))

    def has_seen(self, device: str, record: str, name: str, value: Any, until: int) -> bool:
        """Whether the laptop showed this value before event `until`; empty needs no showing."""
        wanted = key(value)
        if wanted == "null":
            return True
        return any(n <= until and shown == wanted for n, shown in self.seen[device, record, name])

    # What is seen

    def on_laptop(self, event: Event) -> None:
        self.desks[event["at"]].device = event["device"]

    def on_bug(self, event: Event) -> None:
        *_, where, _, what = ["", "", "", *event["trace"].strip().splitlines()]
        self.fail("no crash", f"{what} {where.strip()}")

    def on_look(self, event: Event) -> None:
        desk = self.desks[event["at"]]
        self._check_outbox(desk, event["outbox"], set(event["screen"]["gone"]))
        for name in ("screen", "outbox", "questions"):
            state = getattr(desk, name)
            for gone in event[name]["gone"]:
                state.pop(gone, None)
                desk.spoilt.discard(
                    gone
                )  # forgotten for good, or lost: its return is judged at the end
            state |= event[name]["new"]
        for record, row in event["screen"]["new"].items():
            self._note_seen(desk, record, row["values"])
        for item in event["questions"]["new"].values():
            self._note_seen(desk, item["record"], item["theirs"])
        self._check_own(desk)

    def _note_seen(self, desk: Desk, record: str, values: dict[str, Any]) -> None:
        for name, value in values.items():
            shown, text = self.seen[desk.device, record, name], key(value)
            if not shown or shown[-1][1] != text:
                shown.append((self._event["n"], text))

    # S1: nothing leaves the outbox without a receipt

    def _check_outbox(self, desk: Desk, told: Event, forgotten: set[str]) -> None:
        """A record that is forgotten for good (purged, or not to be seen any more) takes all along."""
        for gone in told["gone"]:
            entry = desk.outbox[gone]
            is_forgotten = entry.get("change", {}).get("record_id") in forgotten
            may_leave = (*MAY_LEAVE, "conflict") if is_forgotten else MAY_LEAVE
            if entry["state"] not in may_leave:
                self.fail("S1", f"change {gone} vanished while {entry['state']}")
        for change, entry in told["new"].items():
            before = desk.outbox.get(change, {"state": "waiting", "receipt": None})
            self._check_move(desk, change, before, entry)

    def _check_move(self, desk: Desk, change: str, before: Event, entry: Event) -> None:
        old, new = before["state"], entry["state"]
        got = desk.receipts[change]
        if old == new or new in UNSENT:
            return
        if new in WITH_RECEIPT and old in UNSENT and not got:
            self.fail("S1", f"change {change} became {new} without a receipt")
        if new == "refused" and not any(r["outcome"] == "refused" for r in got):
            self.fail("S1", f"change {change} became refused, which nobody said")
        if old == "sent" and new in ("replaced", "taken_back") and not got:
            self.fail("S1", f"change {change} may have arrived, and was dropped as {new}")
        number = entry["receipt"]
        if number and not any(r["number"] == number for r in got):
            self.fail("S1", f"change {change} shows receipt {number}, which was never given")

    # S6: own work stays visible

    def _check_own(self, desk: Desk) -> None:
        busy = {act["record"] for act in desk.acts.values()}
        for (record, name), own in desk.own.items():
            if record not in busy:
                self._check_shown(desk, record, name, own)
        for record, deleted in desk.deleted.items():
            row = desk.screen.get(record)
            if record not in busy and row is not None and row["deleted"] != deleted:
                self.fail("S6", f"{record}: own deletion or restoring is not shown ({deleted})")
        for item in desk.questions.values():
            if item["record"] not in busy:
                self._check_question(desk, item)

    def _check_shown(self, desk: Desk, record: str, name: str, own: Own) -> None:
        row = desk.screen.get(record)
        if row is None:
            self.fail("S6", f"{record}: an own record is not shown any more")
            return
        shown = row["values"].get(name)
        if same(shown, own.value):
            return
        found = parts(name, shown) if is_joined(name) else set()
        if not is_joined(name) or not own.added <= found or own.dropped & found:
            self.fail("S6", f"{record}.{name}: own value {own.value!r}, shown {shown!r}")

    def _check_question(self, desk: Desk, item: Event) -> None:
        record = item["record"]
        row = desk.screen.get(record)
        if row is None:
            self.fail("S6", f"{record}: asked about, but not shown")
        elif item["kind"] == "fields" and not row["deleted"]:
            for name in item["fields"]:
                shown, ours = row["values"].get(name), item["ours"].get(name)
                if (record, name) not in desk.own and not same(shown, ours):
                    self.fail("S6", f"{record}.{name}: asked with {ours!r}, shown {shown!r}")
        elif item["kind"] != "fields" and record not in {*desk.deleted, *desk.decided}:
            self._check_deletion_shown(item, is_shown_deleted=row["deleted"])

    def _check_deletion_shown(self, item: Event, *, is_shown_deleted: bool) -> None:
        if is_shown_deleted != (item["kind"] == "edited_there"):
            text = f"{item['record']}: asked as {item['kind']}, shown deleted: {is_shown_deleted}"
            self.fail("S5", text)

    # What is done

    def on_act(self, event: Event) -> None:
        desk = self.desks[event["at"]]
        desk.acts[event["n"]] = event
        asked = {q["record"] for q in desk.questions.values() if q["kind"] != "fields"}
        if event["do"] in ("delete", "restore") and event["record"] in asked:
            desk.answering.add(event["n"])

    def on_done(self, event: Event) -> None:
        desk = self.desks[event["at"]]
        act = desk.acts.pop(event["of"])
        if event["outcome"] == "saved":
            self.saved.append((event["at"], act))
            self._mean(desk, act)
        elif event["outcome"] == "killed":
            forget(desk, act["record"])
        self._check_own(desk)

    def _mean(self, desk: Desk, act: Event) -> None:
        record, base = act["record"], act.get("base", {})
        if act["do"] == "send_again":
            return
        if act["do"] not in ("edit", "create"):
            forget(desk, record)
            if act["do"] in ("decide", "reopen") or act["n"] in desk.answering:
                desk.decided[record] = act["n"]
            elif act["do"] in ("delete", "restore"):
                desk.deleted[record] = act["do"] == "delete"
            return
        for name, value in act["typed"].items():
            if not same(base.get(name), value):
                earlier = desk.own.get((record, name), Own(0, None, set(), set()))
                desk.own[record, name] = meant(name, earlier, act, base.get(name), value)

    def on_killed(self, event: Event) -> None:
        desk = self.desks[event["at"]]
        for act in desk.acts.values():
            forget(desk, act["record"])

    # What goes over the line

    def on_call(self, event: Event) -> None:
        self.calls[event["n"]] = event

    def on_arrived(self, event: Event) -> None:
        for change, receipt in zip(event["changes"], event["receipts"], strict=True):
            self._check_body(change)
            self.arrived_at.setdefault(change["id"], event["n"])
            self._check_receipt(receipt)

    def _check_body(self, change: Event) -> None:
        told = ["entity", "record_id", "kind"]
        if change["id"] not in self.lost:
            told += ["base", "values", "made_at"]
        self.latest[change["id"]] = change
        known = self.bodies.setdefault(change["id"], change)
        if any(not same(known[name], change[name]) for name in told):
            self.fail("S2", f"change {change['id']} was sent with another content than before")

    def _check_receipt(self, receipt: Event) -> None:
        if receipt["outcome"] == "refused":
            return  # it had no effect, and may be tried again
        known = self.given.setdefault(receipt["change_id"], receipt)
        if any(known[name] != receipt[name] for name in ("outcome", "number")):
            text = f"{receipt['change_id']}: first {known['outcome']}, then {receipt['outcome']}"
            self.fail("S2", f"a change was dealt with twice: {text}")

    def on_answer(self, event: Event) -> None:
        if event["lost"] or "receipts" not in event:
            return
        desk = self.desks[event["at"]]
        for receipt in event["receipts"]:
            desk.receipts[receipt["change_id"]].append(receipt)
            self._release(desk, receipt["change_id"], event["of"])

    def _release(self, desk: Desk, change: str, asked_at: int) -> None:
        """What a change said is answered; what was typed after it was sent is not."""
        body = self.bodies.get(change)
        if body is None:
            return
        record = body["record_id"]
        if desk.decided.get(record, asked_at) < asked_at:
            del desk.decided[record]
        if body["kind"] in ("delete", "restore"):
            desk.deleted.pop(record, None)
        for place, own in list(desk.own.items()):
            if place[0] == record and own.n < asked_at:
                del desk.own[place]

    # S7: one bad change blocks no other

    def on_cycle(self, event: Event) -> None:
        desk = self.desks[event["at"]]
        desk.cycle[event["n"]] = [c for c, e in desk.outbox.items() if e["state"] in UNSENT]

    def on_cycle_end(self, event: Event) -> None:
        desk = self.desks[event["at"]]
        for change in desk.cycle.pop(event["of"]):
            state = desk.outbox.get(change, {"state": "stored"})["state"]
            if event["outcome"] == "done" and state in UNSENT:
                self.fail("S7", f"change {change} is still {state} after a whole cycle")

    # S8: what a disk did by itself is found and mended

    def on_spoilt(self, event: Event) -> None:
        self.desks[event["at"]].spoilt.add(event["record"])

    def on_check_end(self, event: Event) -> None:
        desk = self.desks[event["at"]]
        if not isinstance(event["outcome"], dict):
            return
        # A row whose deletion is asked about is own work; deciding writes it anew.
        asked = {q["record"] for q in desk.questions.values() if q["kind"] != "fields"}
        for record in desk.spoilt - asked:
            if "Bedorven" in desk.screen[record]["values"].values():
                self.fail("S8", f"{record} was spoilt on this disk; no check mended it")
        desk.spoilt &= asked

    # The shared database is put back

    def on_dumped(self, event: Event) -> None:
        self.given_at_dump = dict(self.given)

    def on_put_back(self, event: Event) -> None:
        self.lost |= self.given.keys() - self.given_at_dump.keys()
        self.given = dict(self.given_at_dump)


def _nothing(event: Event) -> None:
    pass
