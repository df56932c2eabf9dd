"""One person at one laptop: what they do, what they see, and how their program ends and starts again.

Everything is noted through the store's public face alone: what was typed, what was shown after every
commit, what waits, what is asked. The clock of each laptop is its own, and may be years off.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from db.codec import new_record, values_of, with_values
from db.entities import ENTITIES
from db.errors import AppError, UserProblem
from db.fields import Record
from db.local.engine import writing
from db.local.journal import OWN, OutboxState
from db.local.sending_again import send_again
from db.sync.bundle import make_bundle
from db.sync.bundle_file import Bundle
from db.sync.checking import check_contents
from db.sync.delivering import deliver_bundle
from db.sync.engine import Engine
from tests.factories import attachment
from tests.proofs.sync.line import plain, told
from tests.proofs.sync.program import Program

WORDS = "een stok met vijf woorden"
"""The passphrase of every bundle."""


class Laptop(Program):
    """A person at their program."""

    def act(
        self, do: str, work: Callable[[], Any], kill_at: int | None = None, **about: Any
    ) -> None:
        """Do one thing, as a person would; note what was meant, and whether it was said to be kept."""
        n = self.history.add("act", self.name, do=do, **about)

        def whole() -> str:
            try:
                answer = work()
            except UserProblem as problem:
                return f"turned away: {problem.message}"
            return "asked" if getattr(answer, "conflicts", ()) else "saved"

        outcome = self.living(whole, kill_at)
        self.history.add("done", self.name, of=n, do=do, outcome=outcome)
        self.look()

    def get(self, entity: str, record_id: UUID) -> Record | None:
        """Return a record as it is shown."""
        return self.store.get(entity, record_id)

    def create(self, entity: str, record_id: UUID, values: Mapping[str, Any], **how: Any) -> None:
        """Type a new record."""
        if self.get(entity, record_id) is None:
            record = new_record(ENTITIES[entity], record_id, values)
            self.act(
                "create", lambda: self.store.save(record, None), entity=entity,
                record=str(record_id), typed=values_of(record), **how,
            )  # fmt: skip

    def open_form(self, entity: str, record_id: UUID) -> None:
        """Open a form, to be saved some day."""
        found = self.get(entity, record_id)
        if found is not None and not found.deleted:
            self.forms[str(record_id)] = found

    def edit(
        self, entity: str, record_id: UUID, values: Mapping[str, Any], *, form: bool, **how: Any
    ) -> None:
        """Save new values, from what is shown now or from a form that was opened before."""
        shown = self.forms.pop(str(record_id), None) if form else self.get(entity, record_id)
        if shown is None or (shown.deleted and not form):
            return
        ours = with_values(shown, values)
        self.act(
            "edit", lambda: self.store.save(ours, shown), entity=entity, record=str(record_id),
            base=values_of(shown), typed=dict(values), **how,
        )  # fmt: skip

    def set_deleted(self, entity: str, record_id: UUID, *, deleted: bool, **how: Any) -> None:
        """Delete or restore what is shown."""
        shown = self.get(entity, record_id)
        if shown is None or shown.deleted == deleted:
            return
        work = self.store.delete if deleted else self.store.restore
        self.act(
            "delete" if deleted else "restore", lambda: work(shown), entity=entity,
            record=str(record_id), base=values_of(shown), **how,
        )  # fmt: skip

    def add_photo(self, owner: UUID, photo_id: UUID, content: bytes, **how: Any) -> None:
        """Put a photo with a record."""
        shown = self.get("initiative", owner)
        if shown is None or shown.deleted or self.get("attachment", photo_id):
            return

        def work() -> object:
            sha256 = self.store.add_blob(content)
            photo = attachment(content, id=photo_id, belongs_to=owner, sha256=sha256)
            return self.store.save(photo, None)

        self.act("photo", work, entity="attachment", record=str(photo_id), typed={}, **how)

    def take_back(self, which: int, states: Iterable[OutboxState] = OWN, **how: Any) -> None:
        """Take back one of the changes that wait or were refused."""
        own = self.store.outbox(states)
        if own:
            change = own[which % len(own)].change
            self.act(
                "take_back", lambda: self.store.take_back(change.id), entity=change.entity,
                record=str(change.record_id), change=str(change.id), **how,
            )  # fmt: skip

    def give_up_refused(self) -> bool:
        """Take back what was refused; whether there was any."""
        count = self.store.tally().refused
        while self.store.tally().refused:
            self.take_back(-1, [OutboxState.REFUSED])
        return count > 0

    def decide(self, take: str, typed: Mapping[str, Any], **how: Any) -> bool:
        """Answer the first question; False when there is none."""
        found = sorted(
            self.store.conflicts(), key=lambda c: (str(c.record_id), c.kind, c.conflict.fields)
        )
        if not found:
            return False
        item = found[0]
        values: dict[str, Any]
        if item.kind != "fields":
            values = {"deleted": (item.kind == "edited_there") == (take == "mine")}
        elif take == "typed" and set(item.conflict.fields) <= set(typed):
            values = {name: typed[name] for name in item.conflict.fields}
        else:
            values = dict(item.conflict.theirs if take == "theirs" else item.conflict.ours)
        self.act(
            "decide", lambda: self.store.resolve(item.id, values), entity=item.entity,
            record=str(item.record_id), kind=item.kind, question=str(item.id), typed=values, **how,
        )  # fmt: skip
        self.decided.append(item)
        return True

    def reopen(self) -> None:
        """Take the last decision back."""
        if self.decided:
            item = self.decided.pop()
            self.act(
                "reopen", lambda: self.store.reopen([item.id]), entity=item.entity,
                record=str(item.record_id), question=str(item.id),
            )  # fmt: skip

    def send_again(self) -> None:
        """Offer again what was refused."""
        refused = self.store.outbox([OutboxState.REFUSED])
        if refused:
            change = refused[0].change
            self.act(
                "send_again", lambda: send_again(self.store, change.id), entity=change.entity,
                record=str(change.record_id),
            )  # fmt: skip

    def sync(
        self,
        faults: Mapping[str, str],
        meanwhile: dict[str, Callable[[], None]],
        kill_at: int | None = None,
    ) -> str:
        """Run one cycle; return how it ended: done, failed, or killed."""
        self.line.begin(faults, meanwhile)
        n = self.history.add("cycle", self.name)

        def whole() -> str:
            try:
                Engine(self.store, self.line).run_cycle()
            except AppError as error:
                return told(error)
            return "done"

        outcome: str = self.living(whole, kill_at)
        self.line.begin({}, {})
        self.look()
        self.history.add("cycle_end", self.name, of=n, outcome=outcome)
        return outcome

    def _over_the_line(
        self,
        event: str,
        work: Callable[[], Any],
        faults: Mapping[str, str],
        kill_at: int | None = None,
    ) -> None:
        """Do something that speaks to the server; note how it ended."""
        self.line.begin(faults, {})
        n = self.history.add(event, self.name)

        def whole() -> Any:
            try:
                return plain(work())
            except AppError as error:
                return told(error)

        outcome = self.living(whole, kill_at)
        self.line.begin({}, {})
        self.look()
        self.history.add(f"{event}_end", self.name, of=n, outcome=outcome)

    def make_bundle(self, path: Path, **how: Any) -> None:
        """Put unsent work on a stick."""
        self._over_the_line("bundle", lambda: make_bundle(self.store, path, WORDS), **how)

    def deliver_bundle(self, path: Path, **how: Any) -> None:
        """Deliver what is on a stick."""

        def deliver() -> None:
            with Bundle(path, WORDS) as bundle:
                deliver_bundle(bundle, self.line)

        self._over_the_line("bring", deliver, **how)

    def check(self, **how: Any) -> None:
        """Compare every value with the shared database, and mend."""
        self._over_the_line("check", lambda: check_contents(self.store, self.line), **how)

    def spoil(self, entity: str, record_id: UUID, *, lose: bool) -> None:
        """Change a row behind the program's back; only where nothing of one's own lies over it."""
        own = {entry.change.record_id for entry in self.store.outbox(OWN, limit=-1)}
        own |= {item.record_id for item in self.store.conflicts()}
        found = self.get(entity, record_id)
        if found is None or not found.revision or record_id in own:
            return
        spoilt = f"UPDATE {entity} SET {ENTITIES[entity].TITLE} = 'Bedorven' WHERE id = ?"
        statement = f"DELETE FROM {entity} WHERE id = ?" if lose else spoilt
        self.forms.pop(str(record_id), None)
        with writing(self.store.engine) as connection:
            connection.exec_driver_sql(statement, (str(record_id),))
        self.history.add("spoilt", self.name, record=str(record_id), lost=lose)
        self.look()

    def inventory(self) -> None:
        """Note, at the end, the history that this laptop can show, and its attachments' bytes."""
        lines: dict[str, Any] = {}
        for record_id in self._noted["screen"]:
            lines[record_id] = [
                {"change": str(line.change_id), "kind": line.kind, "fields": plain(line.fields)}
                for line in self.store.history(UUID(record_id), limit=10_000)
            ]
        blobs = {
            row["values"]["sha256"]: len(self.store.blob(row["values"]["sha256"]) or b"")
            for row in self._noted["screen"].values()
            if row["entity"] == "attachment" and not row["deleted"]
        }
        tally = self.store.tally()
        self.history.add(
            "inventory", self.name, history=lines, blobs=blobs,
            left={
                "waiting": tally.waiting, "conflicts": tally.conflicts,
                "refused": tally.refused, "photos": tally.photos,
            },
        )  # fmt: skip
