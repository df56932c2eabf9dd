"""Set up and run, set up and test, and the other commands for people who work on the program.

Standard library only: this file must work on a fresh Debian with nothing but `python3`, so it makes
the virtual environment, fetches the system libraries Qt needs (through apt when it may) and only
then hands over to a module that does the work. What has been set up is remembered by a stamp in the
environment, so a second start costs a fraction of a second.

    python3 dev.py run [ARGS...]     the program; without a display and arguments: the guided tour
    python3 dev.py test [ARGS...]    the tests (arguments go to pytest; --quick: not the slow ones)
    python3 dev.py check             format, lint, types, contracts
"""

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.tools.display import has_display, virtual_display

ROOT = Path(__file__).resolve().parent
OUT = ROOT / "tests" / "out"
WINDOWS = os.name == "nt"

TOUR = "tests.e2e.tour"
MODULES = {
    "bench": ("tests.benchmarks", "measure, as ratios to a floor: bench [NAME ...] [--json]"),
    "record": ("tests.e2e.recorded", "a film of two windows that edit one field and lose the line"),
    "demo": ("tests.tools.demo", "a shared database and two windows on it, side by side"),
    "shots": ("tests.e2e.shots", "a screenshot of every view, light and dark"),
    "tour": (TOUR, "the guided tour of the main job, with screenshots"),
    "texts": ("tests.tools.texts", "the Dutch texts: texts [--set FILE.json]"),
}
PROOFS = {
    "fresh": ("tests.proofs.fresh", "a Debian with only python3 can run and test the program"),
    "sync": ("tests.proofs.sync", "laptops in a simulated bad world, judged by the promises"),
    "faults": ("tests.proofs.faults", "kills, cut lines and full disks, against a real PostgreSQL"),
    "versions": ("tests.proofs.versions", "the older program and this one on one database"),
    "failover": ("tests.proofs.failover", "a standby takes over in the middle of synchronising"),
}
ON_A_DISPLAY = {"shots", "tour", "bench"}

# Everything Qt, its web engine and its xcb platform are linked to, so that nothing rests on what
# other packages happen to bring. Proven by `prove fresh`; names after | are of newer releases.
QT_LIBRARIES = """
    libasound2|libasound2t64 libbrotli1 libcups2|libcups2t64 libdbus-1-3 libegl1 libexpat1
    libfontconfig1 libfreetype6 libgbm1 libgl1 libglib2.0-0|libglib2.0-0t64 libgssapi-krb5-2
    libnspr4 libnss3 libudev1 libx11-6 libx11-xcb1 libxcb-cursor0 libxcb-dri3-0 libxcb-glx0
    libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0
    libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxcb1
    libxcomposite1 libxdamage1 libxext6 libxfixes3 libxkbcommon-x11-0 libxkbcommon0 libxkbfile1
    libxrandr2 libxtst6 libzstd1
""".split()


class SetupFailed(Exception):
    """Something the person at the keyboard has to do first; the text says what."""


# --- set-up -------------------------------------------------------------------------------------


def environment_folder() -> Path:
    """Return the active virtual environment, else the project's own."""
    return Path(sys.prefix) if sys.prefix != sys.base_prefix else ROOT / ".venv"


def environment_python() -> Path:
    """Return the interpreter everything but this file runs on."""
    return environment_folder() / ("Scripts/python.exe" if WINDOWS else "bin/python")


def requirements() -> list[str]:
    """Return what pip installs: the program's dependencies and the development group."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]


def set_up() -> None:
    """Make the environment ready; quick when it already is."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- this file alone may meet an older Python
        raise SetupFailed(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    wanted = requirements()
    stamp = environment_folder() / "naoberkaart-setup"
    mark = hashlib.sha256(repr((wanted, QT_LIBRARIES, sys.version)).encode()).hexdigest()
    is_ready = environment_python().exists() and stamp.exists() and stamp.read_text() == mark
    if not is_ready:
        install_system_packages(missing_system_packages())
        make_environment(wanted)
        stamp.write_text(mark)
    elif not has_display() and shutil.which("Xvfb") is None:
        install_system_packages(missing_system_packages())
    compile_texts()


def missing_system_packages() -> list[str]:
    """Return the Debian packages to install; other systems bring their own libraries."""
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        return []
    wanted = list(QT_LIBRARIES)
    if importlib.util.find_spec("ensurepip") is None and sys.prefix == sys.base_prefix:
        wanted.append("python3-venv")
    if not has_display() and shutil.which("Xvfb") is None:
        wanted.append("xvfb")
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"]
    lines = subprocess.run(query, capture_output=True, text=True, check=True).stdout.splitlines()
    installed = {line.split()[1] for line in lines if line.startswith("installed ")}
    return [names for names in wanted if not installed.intersection(names.split("|"))]


def install_system_packages(missing: list[str]) -> None:
    """Install by apt as root or with a sudo that asks nothing, else say which command does it."""
    if not missing:
        return
    install = "apt-get install --yes --no-install-recommends".split()
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo") and is_sudo_silent():
        prefix = ["sudo", "-n"]
    else:
        command = " ".join(["sudo", *install, *(names.split("|")[0] for names in missing)])
        raise SetupFailed(
            f"System packages are missing. Run this once, then try again:\n  {command}"
        )
    say(f"Installing {len(missing)} system packages with apt ...")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    with subprocess.Popen([*apt, "apt-get", "update", "-qq"], stdin=subprocess.DEVNULL) as update:
        update.wait()  # one unreachable source must not stop us: what counts is the next step
    chosen = [available(names) for names in missing]
    patience = "-qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0".split()
    command = [*apt, *install, *patience, *chosen]
    if subprocess.call(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) != 0:
        raise SetupFailed("apt could not install the system packages:\n  " + " ".join(command))


def is_sudo_silent() -> bool:
    """Tell whether sudo works without asking for a password: nobody may be there to type it."""
    return subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0


def available(names: str) -> str:
    """Return the first of the alternatives that this release of Debian or Ubuntu has."""
    for name in names.split("|"):
        policy = subprocess.run(["apt-cache", "policy", name], capture_output=True, text=True)
        if "Candidate: " in policy.stdout and "Candidate: (none)" not in policy.stdout:
            return name
    return names.split("|")[0]


def make_environment(wanted: list[str]) -> None:
    """Create the virtual environment if needed, fill it, and see that Qt can be loaded from it."""
    python = environment_python()
    if not has_pip(python):
        if environment_folder() != ROOT / ".venv":
            raise SetupFailed(
                "The active virtual environment has no pip. Deactivate it, try again."
            )
        say("Making a virtual environment in .venv ...")
        make = [sys.executable, "-m", "venv", "--clear", str(environment_folder())]
        if subprocess.call(make) != 0:
            raise SetupFailed("Python could not make a virtual environment; see above.")
    say(f"Installing {len(wanted)} packages and what they need (once, some minutes) ...")
    pip = [str(python), "-m", "pip", "install", "-qq", "--no-input", *wanted]
    if subprocess.call(pip, cwd=ROOT, stdin=subprocess.DEVNULL) != 0:
        raise SetupFailed("pip could not install the packages; see above.")
    probe = [str(python), "-c", "import PySide6.QtWebEngineWidgets"]
    if subprocess.call(probe) != 0:
        raise SetupFailed("Qt cannot be loaded: install the library named above, then try again.")


def has_pip(python: Path) -> bool:
    """Tell whether an environment is there and whole: an interrupted one may lack pip."""
    if not python.exists():
        return False
    asked = [str(python), "-m", "pip", "--version"]
    return subprocess.run(asked, capture_output=True).returncode == 0


def compile_texts() -> None:
    """Compile the Dutch catalogue when it is newer than its compiled form."""
    source = ROOT / "resources/locale/nl/LC_MESSAGES/naoberkaart.po"
    made = source.with_suffix(".mo")
    if source.exists() and (not made.exists() or made.stat().st_mtime < source.stat().st_mtime):
        run_module("tests.tools.texts", ["--compile"])


# --- running ------------------------------------------------------------------------------------


def child_environment(**extra: str) -> dict[str, str]:
    """Return the environment for a child: Chromium's sandbox refuses to run as root."""
    settings = {**os.environ, **extra}
    if not WINDOWS and os.geteuid() == 0:
        settings["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    return settings


def run_module(module: str, arguments: list[str], **extra: str) -> int:
    """Run one of our modules in the environment and return its exit code."""
    command = [str(environment_python()), "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=child_environment(**extra)) as child:
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # the child has it from the terminal too, and ends in its own way


def run_on_display(module: str, arguments: list[str]) -> int:
    """Run a module with windows, on a virtual screen when there is no real one."""
    if has_display():
        return run_module(module, arguments)
    with virtual_display() as display:
        return run_module(module, arguments, DISPLAY=display, QT_QPA_PLATFORM="xcb")


def run(arguments: list[str]) -> int:
    """Start the program, or show it on a virtual screen where nobody could see a window."""
    if arguments or has_display():
        return run_module("desktop_app", arguments)
    say("No display here: showing the guided tour on a virtual screen instead.")
    return run_on_display(TOUR, ["--out", str(OUT / "tour")])


def test(arguments: list[str]) -> int:
    """Run the tests without opening windows; tests of real windows bring their own screen."""
    quick = ["-m", "not slow"] if "--quick" in arguments else []
    chosen = [one for one in arguments if one != "--quick"]
    # Each processor has a database and a screen of its own; a few tests start sooner alone.
    side_by_side = [] if chosen else "-n auto --maxprocesses 4 --dist worksteal".split()
    return run_module("pytest", [*quick, *side_by_side, *chosen], QT_QPA_PLATFORM="offscreen")


def check(arguments: list[str]) -> int:
    """Run the four checks, all of them even when one fails, and return 1 if any did."""
    scripts = environment_python().parent
    failed = []
    for command in ["ruff format --check .", "ruff check .", "mypy", "lint-imports"]:
        say(f"$ {command}")
        name, *rest = command.split()
        if subprocess.call([str(scripts / name), *rest, *arguments], cwd=ROOT) != 0:
            failed.append(name)
    say("check: " + (f"failed: {', '.join(failed)}" if failed else "all in order"))
    return 1 if failed else 0


def prove(arguments: list[str]) -> int:
    """Run one of the long proofs of tests/proofs, or list them."""
    if not arguments or arguments[0] not in PROOFS:
        lines = [f"    python3 dev.py prove {name:<9} {text}" for name, (_, text) in PROOFS.items()]
        say("\n".join(["The long proofs (each takes --help):", *lines]))
        return 2
    return run_module(PROOFS[arguments[0]][0], arguments[1:])


COMMANDS = {"run": run, "test": test, "check": check, "prove": prove}


def usage() -> str:
    """Return the help text, one line a command."""
    lines = [f"    python3 dev.py {name:<6} {text}" for name, (_, text) in MODULES.items()]
    return (__doc__ or "") + "\n".join(["    python3 dev.py prove  one of the long proofs", *lines])


def say(text: str) -> None:
    """Tell what happens; on stderr, because stdout belongs to the program's own answers."""
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Set up, then hand over to the command."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name not in COMMANDS and name not in MODULES:
        say(usage())
        return 0 if name in {"-h", "--help", "help"} else 2
    try:
        set_up()
    except SetupFailed as problem:
        say(str(problem))
        return 2
    if name in COMMANDS:
        return COMMANDS[name](rest)
    start = run_on_display if name in ON_A_DISPLAY else run_module
    return start(MODULES[name][0], rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
