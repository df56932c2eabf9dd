"""Reading in a list and saving one: tried first, then done, with amount and a way to stop."""

from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from db.entities import ENTITIES
from db.errors import AppError
from db.fields import FieldSpec, fields_of
from desktop_app.i18n import _, ngettext
from desktop_app.services.export_values import ExportChoice
from desktop_app.services.exporting import Exported, ExportStopped, export
from desktop_app.services.import_mapping import ImportMapping, mapping_from_headers
from desktop_app.services.import_report import ImportReport
from desktop_app.services.import_sources import open_source
from desktop_app.services.importing import run_import
from desktop_app.services.listing import Listing
from desktop_app.services.problem_text import error_text
from desktop_app.tokens import LABEL, SMALL
from desktop_app.views.dialogs import Dialog
from desktop_app.views.messages import file_to_open, file_to_save
from desktop_app.views.session import Session
from desktop_app.widgets.kit.button import Button, Kind
from desktop_app.widgets.kit.message_bar import Message, MessageBar
from desktop_app.widgets.kit.small import ThinProgress
from desktop_app.widgets.kit.text import note, text

_SHOWN = 12


class ImportDialog(Dialog):
    """Shows what a file would bring, and takes it in.

    Signals:
        finished_well(str): how it ended, in words.
    """

    finished_well = Signal(str)

    def __init__(
        self, session: Session, entity: str, path: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Read in a list"), parent, width=640)
        self._session, self._entity, self._path = session, ENTITIES[entity], path
        self._cancel = Event()
        self._mapping: ImportMapping | None = None
        what = _("%(file)s, as %(kind)s") % {"file": path.name, "kind": _(self._entity.PLURAL)}
        self._message = MessageBar(Message.INFORMATION, _("Looking what is in it…"))
        self._columns = text("", SMALL, wrap=True)
        self._lines = note("")
        self._bar = ThinProgress(_("Reading"))
        self.column.addWidget(text(what, LABEL, wrap=True))
        for widget in (self._message, self._bar, self._columns, self._lines):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self.go = Button(_("Read in"), Kind.PRIMARY, icon="import")
        self.go.set_reason(_("Looking what is in it…"))
        self.stop = Button(_("Cancel"), shortcut="Esc")
        self.foot.addWidget(self.go)
        self.foot.addWidget(self.stop)
        self.foot.addStretch(1)
        self.go.clicked.connect(lambda: self._start(is_trial=False))
        self.stop.clicked.connect(self.reject)
        self.rejected.connect(self._cancel.set)
        self._start(is_trial=True)

    def _start(self, *, is_trial: bool) -> None:
        self.go.set_reason(_("Busy…"))
        self._bar.show()
        tell = self._session.jobs.on_main_thread(self._bar.set_amount)
        store, entity, path, cancel = self._session.store, self._entity, self._path, self._cancel

        def work() -> tuple[ImportMapping, ImportReport]:
            source = open_source(path)
            mapping = mapping_from_headers(entity, source.headers)
            report = run_import(
                store, source, mapping, is_dry_run=is_trial, progress=tell, cancel=cancel
            )
            return mapping, report

        done = self._on_tried if is_trial else self._on_taken
        self._session.jobs.run(work, done, self._on_failed)

    def _on_tried(self, answer: tuple[ImportMapping, ImportReport]) -> None:
        mapping, report = answer
        self._bar.hide()
        self._show_report(mapping, report)
        takes = report.new + report.updated
        self.go.set_reason("" if takes else _("There is nothing in it that can be taken in."))
        self.fit()

    def _on_taken(self, answer: tuple[ImportMapping, ImportReport]) -> None:
        mapping, report = answer
        self._bar.hide()
        self._show_report(mapping, report)
        self.go.hide()
        self.stop.set_text(_("Close"))
        self.finished_well.emit(report.summary)
        self.fit()

    def _show_report(self, mapping: ImportMapping, report: ImportReport) -> None:
        kind = Message.WARNING if report.rejected else Message.DONE
        self._message.set_message(kind, report.summary)
        pairs = [
            f"{rule.column} → {_(spec.meta.label)}"
            for name, rule in mapping.fields.items()
            if rule.column and (spec := self._spec(name)) is not None
        ]
        self._columns.setText(_("Columns: %(pairs)s") % {"pairs": ", ".join(pairs)})
        lines = [line for line in report.lines if not line.is_taken][:_SHOWN]
        self._lines.setText(
            "\n".join(
                _("Row %(row)d: ") % {"row": line.row}
                + ": ".join(part for part in (line.column or line.field, line.reason) if part)
                for line in lines
            )
        )

    def _spec(self, name: str) -> FieldSpec | None:
        return fields_of(self._entity).get(name)

    def _on_failed(self, error: Exception) -> None:
        self._bar.hide()
        if not isinstance(error, AppError):
            raise error
        self._message.set_message(Message.ERROR, error_text(error))
        self.go.set_reason(_("This file can't be read in."))
        self.fit()


class Transfers(QObject):
    """Starts imports and exports from the window.

    Signals:
        told(str): how an export ended. failed(str): why it did not work.
    """

    told = Signal(str)
    failed = Signal(str)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window

    def read_in(self, entity: str) -> None:
        """Let the user choose a file and read it in."""
        kinds = _("Lists") + " (*.csv *.txt *.tsv *.xlsx *.geojson *.json)"
        path = file_to_open(self._window, _("Read in a list"), kinds)
        if path is not None:
            dialog = ImportDialog(self._session, entity, path, self._window)
            dialog.finished_well.connect(self.told)
            dialog.open()

    def save_list(self, listing: Listing) -> None:
        """Let the user choose a file and write the selection of a list to it."""
        kinds = "Excel (*.xlsx);;CSV (*.csv);;GeoJSON (*.geojson);;GeoPackage (*.gpkg)"
        name = _(ENTITIES[listing.entity].PLURAL).lower() + ".xlsx"
        path = file_to_save(self._window, _("Save the list as"), name, kinds)
        if path is None:
            return
        choice = ExportChoice(listings=(listing,))
        store = self._session.store
        self._session.jobs.run(lambda: export(store, path, choice), self._on_saved, self._on_failed)

    def _on_saved(self, done: Exported) -> None:
        words = ngettext(
            "%(count)d record written to %(file)s.",
            "%(count)d records written to %(file)s.",
            done.records,
        )
        self.told.emit(words % {"count": done.records, "file": done.path.name})

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, ExportStopped):
            return
        if not isinstance(error, AppError):
            raise error
        self.failed.emit(error_text(error))
