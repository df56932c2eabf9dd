"""The shape of the program, as rules a machine checks (house style 3.2, 3.3, 3.11, 3.13).

Who may import whom is written in pyproject.toml and checked by lint-imports; here stands the rest.
"""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("db", "desktop_app", "resources")
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
EVERYTHING = sorted([*MODULES, *(ROOT / "tests").rglob("*.py"), *ROOT.glob("*.py")])

MODULE_LINES, FUNCTION_LINES, PUBLIC_METHODS = 300, 40, 10

LONGER_MODULES: dict[str, str] = {}
"""Modules that may be longer than the limit, each with the reason."""

LONGER_FUNCTIONS = {"db/schema.py:_local_system": "a list of tables, one after the other"}
"""Functions that may be longer than the limit (`file:name`), each with the reason."""

LARGER_CLASSES = {
    "db/local/store.py:LocalStore": "the one door to the laptop's store; each method is one call",
    "desktop_app/widgets/map_view.py:MapView": "the map's words, one line each to the page",
}
"""Classes that may have more public methods than the limit (`file:name`), each with the reason."""

EMPTY_NAMES = {"data", "utils", "util", "helper", "helpers", "manager", "info", "misc", "common"}
HEX_COLOUR = re.compile(r"""["'\s:(]#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8}|[0-9a-fA-F]{3})\b""")
THIRD_PARTY = re.compile(
    r"(?i)(leaflet|jquery|bootstrap|awesome|maplibre|qwebchannel|\.min\.(js|css)$)"
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[Path, ast.AST]]:
    """Yield every node of these kinds in our packages."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kinds):
                yield path, node


def is_migration(path: Path) -> bool:
    return "migrations" in path.parts


def test_no_module_is_longer_than_three_screens():
    written = [path for path in EVERYTHING if not is_migration(path)]
    lines = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in written}
    long = {name: n for name, n in lines.items() if n > MODULE_LINES and name not in LONGER_MODULES}
    assert not long


def test_no_function_is_longer_than_a_screen():
    long = []
    for path, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        name = f"{name_of(path)}:{node.name}"
        length = node.end_lineno - node.lineno + 1
        if length > FUNCTION_LINES and name not in LONGER_FUNCTIONS and not is_migration(path):
            long.append((name, length))
    assert not long


def test_no_class_does_everything():
    large = []
    for path, node in nodes(ast.ClassDef):
        public = [f for f in node.body if isinstance(f, ast.FunctionDef) and f.name[0] != "_"]
        own = [f for f in public if not is_qt_override(f.name)]
        name = f"{name_of(path)}:{node.name}"
        if len(own) > PUBLIC_METHODS and name not in LARGER_CLASSES:
            large.append((name, len(own)))
    assert not large


def is_qt_override(name: str) -> bool:
    """Qt decides how many of its own methods one must override: they are in camel case."""
    return name != name.lower() or name in {"data", "flags", "event", "paint", "parent", "index"}


def test_names_say_what_a_module_is_about():
    assert not [name_of(path) for path in MODULES if path.stem in EMPTY_NAMES]


def test_colours_stand_in_one_module():
    found = []
    for path in MODULES:
        if name_of(path) == "desktop_app/tokens.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if HEX_COLOUR.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()}")
    assert not found


def test_nothing_made_by_others_is_committed():
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git, or not a checkout")
    safe = ["git", "-c", f"safe.directory={ROOT}", "ls-files"]
    listed = subprocess.run(safe, cwd=ROOT, capture_output=True, text=True, check=True)
    names = listed.stdout.splitlines()
    assert not [name for name in names if THIRD_PARTY.search(name) and not name.endswith(".py")]


@pytest.mark.parametrize(
    "module", ["db.sync.engine", "desktop_app.services.editing", "desktop_app.cli"]
)
def test_the_core_works_where_there_is_no_qt(module):
    code = f"import sys; sys.modules['PySide6'] = None; import {module}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_dev_needs_nothing_but_the_standard_library():
    code = "import dev, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.append({str(ROOT)!r}); {code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded - {"dev", "tests"} <= sys.stdlib_module_names | {"__main__", "sitecustomize"}
