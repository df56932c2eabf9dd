"""The main job from end to end, as `dev.py run` shows it where there is no display."""

import sys
from pathlib import Path

import pytest

from tests.e2e.tour import take

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform == "win32", reason="hands the program its line as a POSIX file"
    ),
]


def test_two_laptops_record_survive_a_crash_work_apart_and_come_into_step(
    tmp_path: Path, display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    tour = take(tmp_path / "tour", say=lambda words: None)
    pictures = sorted(file.name for file in (tmp_path / "tour").glob("*.png"))
    assert pictures == [name for name, _ in tour.shown]
    assert len(pictures) == 14
