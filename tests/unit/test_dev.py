"""The commands a newcomer types: what they say when something is missing, and what they install."""

import subprocess
import sys
from pathlib import Path

import pytest

import dev


def typed(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "dev.py", *arguments]
    return subprocess.run(
        command, cwd=dev.ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def test_an_unknown_command_shows_the_commands_and_fails():
    told = typed("strat")
    assert told.returncode == 2
    assert "python3 dev.py run" in told.stderr
    assert told.stdout == ""


def test_help_is_no_failure():
    told = typed("--help")
    assert told.returncode == 0
    for command in (*dev.COMMANDS, *dev.MODULES):
        assert f"dev.py {command}" in told.stderr


def test_the_proofs_are_listed_when_none_is_named():
    told = typed("prove")
    assert told.returncode == 2
    for proof in dev.PROOFS:
        assert f"dev.py prove {proof}" in told.stderr


def test_everything_the_project_declares_is_installed():
    wanted = dev.requirements()
    assert any(name.startswith("pyside6") for name in wanted)
    assert any(name.startswith("pytest-qt") for name in wanted)


def test_the_version_of_qt_that_loses_references_is_kept_out():
    assert "pyside6>=6.11,<6.12" in dev.requirements()


@pytest.fixture
def no_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(dev, "is_sudo_silent", lambda: False)


@pytest.mark.usefixtures("no_rights")
def test_without_rights_the_exact_command_is_told():
    with pytest.raises(dev.SetupFailed) as told:
        dev.install_system_packages(["libasound2|libasound2t64", "xvfb"])
    command = "sudo apt-get install --yes --no-install-recommends libasound2 xvfb"
    assert command in str(told.value)


def test_nothing_missing_asks_for_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dev.subprocess, "call", pytest.fail)
    dev.install_system_packages([])


def test_what_is_installed_under_a_newer_name_is_not_missing(monkeypatch: pytest.MonkeyPatch):
    newer = [names.split("|")[-1] for names in dev.QT_LIBRARIES] + ["python3-venv", "xvfb"]
    lines = "".join(f"installed {name}\n" for name in newer)
    answer = subprocess.CompletedProcess([], 0, stdout=lines)
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(dev.subprocess, "run", lambda *_args, **_options: answer)
    assert dev.missing_system_packages() == []


def test_another_system_brings_its_own_libraries(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dev.shutil, "which", lambda _name: None)
    assert dev.missing_system_packages() == []


def test_a_compiled_catalogue_that_is_newer_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    folder = tmp_path / "resources/locale/nl/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "naoberkaart.po").write_text("")
    (folder / "naoberkaart.mo").write_bytes(b"")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "run_module", pytest.fail)
    dev.compile_texts()
