"""Real deliveries of others through command line, window and sync (`tests.e2e.real_input`)."""

import sys

import pytest

from tests.e2e.real_input import DELIVERIES, take

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DELIVERIES.exists(), reason="the deliveries are not here"),
    pytest.mark.skipif(
        sys.platform == "win32", reason="hands the program its line as a POSIX file"
    ),
]


def test_deliveries_reach_a_second_laptop_unchanged(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert take(is_whole=False, say=lambda words: None) > 1_600
