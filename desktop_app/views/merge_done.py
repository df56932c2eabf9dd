"""The page of double edits when none is left: that all is well, and what was chosen lately."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_app.i18n import _
from desktop_app.views.merge_recent import MergeRecent
from desktop_app.widgets.kit.empty_state import EmptyState
from desktop_app.widgets.theme import px


class MergeDone(QScrollArea):
    """Nothing to merge; below it the last decisions, which can be taken back."""

    def __init__(self) -> None:
        super().__init__()
        none = _("Nothing to merge. All changes have found their place.")
        self.recent = MergeRecent(is_card=True)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is on it has the focus
        body = QWidget()
        body.setProperty("kind", "page")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(body)
        column.setContentsMargins(px(16), 0, px(16), px(24))
        column.addStretch(2)
        column.addWidget(EmptyState("source-merge", _("No double edits"), none))
        row = QHBoxLayout()  # with room at both sides, so that long titles get their height
        row.addStretch(1)
        row.addWidget(self.recent)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        self.setWidget(body)
