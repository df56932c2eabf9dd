"""The composition root: builds and connects everything that lives long; nothing else does."""

import sys

from PySide6.QtWidgets import QApplication


def main(argv: list[str]) -> int:
    """Open the window and return the exit code."""
    app = QApplication.instance() or QApplication(argv)
    return app.exec() if isinstance(app, QApplication) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
