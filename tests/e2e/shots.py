"""A screenshot of every view, in Dutch: light and dark, at 1366x768 and at 200 % scale.

    python3 dev.py shots [--out DIR]

Each look runs in a process of its own, as Qt takes the scale when it starts. The data is the example
data with what a working day leaves in a store: changes that wait, one refused, receipts, a photo on
its way and two double edits.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests" / "out" / "shots"
LOOKS = (("light", 1), ("dark", 1), ("light", 2), ("dark", 2))
SCREEN = (1366, 768)


def main(arguments: list[str]) -> int:
    """Make all pictures, or (as its own child) those of one look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--look", help="light or dark, and the scale: dark-2 (used by itself)")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.look:
        appearance, scale = options.look.split("-")
        return take_all(options.out, appearance, int(scale))
    failed = 0
    for appearance, scale in LOOKS:
        command = [sys.executable, "-m", "tests.e2e.shots", "--out", str(options.out)]
        settings = {**os.environ, "QT_SCALE_FACTOR": str(scale)}
        failed += subprocess.call(
            [*command, "--look", f"{appearance}-{scale}"], cwd=ROOT, env=settings
        )
    print(f"{len(list(options.out.glob('*.png')))} pictures in {options.out}")
    return min(failed, 1)


def take_all(out: Path, appearance: str, scale: int) -> int:
    """Show every view in this look and take its picture."""
    from PySide6.QtWidgets import QApplication

    from desktop_app import i18n, platform
    from desktop_app.app import qt_texts
    from desktop_app.tokens import Appearance
    from desktop_app.widgets.style import Look
    from tests.e2e.scenes import Camera, scenes

    i18n.use("nl")
    platform.prepare()
    app = QApplication(sys.argv[:1])
    texts = qt_texts("nl")
    app.installTranslator(texts)
    look = Look(app, Appearance(appearance))
    size = (SCREEN[0] // scale, SCREEN[1] // scale)
    camera = Camera(out, f"{appearance}-{scale}", size)
    with tempfile.TemporaryDirectory() as folder:
        for name in scenes(Path(folder), camera):
            print(f"{appearance} {scale}: {name}", flush=True)
    del look
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
