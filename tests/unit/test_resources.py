"""Resources are found beside their module, and inside a bundle where PyInstaller unpacks them."""

import sys
from pathlib import Path

import pytest

import resources


def test_a_resource_is_found_from_a_checkout():
    assert resources.path("locale/nl/LC_MESSAGES/naoberkaart.po").is_file()


def test_a_resource_is_found_in_a_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    inside = tmp_path / "resources" / "icon.svg"
    inside.parent.mkdir()
    inside.write_text("")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.path("icon.svg") == inside


def test_a_resource_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match="no-such-thing"):
        resources.path("no-such-thing")
