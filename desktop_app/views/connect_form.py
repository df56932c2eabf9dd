"""The fields with which a laptop is connected: address, name, password, certificate."""

from pathlib import Path
from urllib.parse import quote

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db.shared.connecting import Address
from desktop_app.i18n import _
from desktop_app.views.messages import file_to_open
from desktop_app.widgets.kit.button import IconButton, Kind
from desktop_app.widgets.kit.field_note import FieldNote
from desktop_app.widgets.kit.fold_group import FoldGroup
from desktop_app.widgets.kit.text import FieldLabel
from desktop_app.widgets.kit_style import set_state
from desktop_app.widgets.theme import px

DATABASE = "naoberkaart"


class ConnectForm(QWidget):
    """Asks where the shared database is and who one is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host, self.name, self.password = QLineEdit(), QLineEdit(), QLineEdit()
        self.certificate = QLineEdit()
        self.plain = QCheckBox(_("Connect without encryption (inside the building only)"))
        self.note = FieldNote()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.host.setPlaceholderText("naoberkaart.gemeente.example")
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        pair = QHBoxLayout()
        pair.setSpacing(px(16))
        pair.addLayout(_labelled(_("Address of the database"), self.host), 7)
        pair.addLayout(_labelled(_("Your name there"), self.name), 3)
        column.addLayout(pair)
        column.addLayout(_labelled(_("Password"), self.password))
        more = FoldGroup(_("More"), margin=0)
        inside = QVBoxLayout(more.body)
        inside.setContentsMargins(0, px(4), 0, px(4))
        row = QHBoxLayout()
        row.addLayout(_labelled(_("File with the certificate authority"), self.certificate), 1)
        choose = IconButton("folder-open-outline", _("Choose a file"), Kind.OUTLINED)
        choose.clicked.connect(self._choose)
        row.addWidget(choose)
        inside.addLayout(row)
        inside.addWidget(self.plain)
        column.addWidget(more)
        column.addWidget(self.note)

    def _choose(self) -> None:
        kinds = _("Certificates") + " (*.pem *.crt *.cer)"
        path = file_to_open(self, _("Choose the certificate authority"), kinds)
        if path is not None:
            self.certificate.setText(str(path))

    def set_address(self, address: Address | None) -> None:
        """Show an address that is known already."""
        if address is None:
            return
        self.host.setText(address.url)
        self.password.setText(address.password)
        self.certificate.setText(str(address.certificate or ""))
        self.plain.setChecked(address.allow_plain_text)

    def address(self) -> Address:
        """Return what was filled in, as a connection URL; a whole URL may be typed as well."""
        host, name = self.host.text().strip(), self.name.text().strip()
        url = host
        if "://" not in host:
            place = host if "/" in host else f"{host}/{DATABASE}"
            url = (
                f"postgresql://{quote(name, safe='')}@{place}" if name else f"postgresql://{place}"
            )
        certificate = self.certificate.text().strip()
        return Address(
            url,
            password=self.password.text(),
            certificate=Path(certificate) if certificate else None,
            allow_plain_text=self.plain.isChecked(),
        )

    def is_complete(self) -> bool:
        """Mark what is missing; whether nothing is."""
        missing = [line for line in (self.host,) if not line.text().strip()]
        for line in (self.host, self.name):
            set_state(line, "error" if line in missing else "")
        self.note.set_note("error" if missing else "", _("Fill in the address.") if missing else "")
        return not missing

    def show_problem(self, words: str) -> None:
        """Say why connecting did not work."""
        self.note.set_note("error" if words else "", words)


def _labelled(words: str, line: QLineEdit) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(4))
    column.addWidget(FieldLabel(words, "", line))
    column.addWidget(line)
    return column
