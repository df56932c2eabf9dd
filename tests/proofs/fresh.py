"""Prove that a Debian with only `python3` can run and test the program: no pip, no venv, PEP 668.

Makes a minimal Debian by debootstrap, clones the committed state into it and types the README's two
commands there, first as somebody without rights (who must be told the exact apt command), then as
root. It is a proof, so it may be slow; it runs in mount and process namespaces of its own, so that
nothing stays mounted or running however it ends. Needs root and debootstrap.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = "/home/newcomer"
CLONE = f"{HOME}/naoberkaart"
TRUST = "/etc/trust-of-the-host"
SMOKE = ["tests/unit", "tests/test_architecture.py", "tests/qt/test_refcounts.py"]
DEVICES = {
    "null": (1, 3),
    "zero": (1, 5),
    "full": (1, 7),
    "random": (1, 8),
    "urandom": (1, 9),
    "tty": (5, 0),
}
PASSED_ON = re.compile(r"(?i)^(pip_.*|.*_proxy|.*ca_bundle|ssl_cert_.*|.*_ca_certs?|lang|ci)$")


def main(arguments: list[str] | None = None) -> int:
    """Make the Debian and run the proof in it; the exit code is the proof's."""
    parser = argparse.ArgumentParser(prog="dev.py prove fresh", description=__doc__)
    parser.add_argument("--suite", default="bookworm", help="Debian release (default: %(default)s)")
    parser.add_argument("--full", action="store_true", help="run all tests, not a smoke test")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        return prove(options.inside, options.full)
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        print(
            "prove fresh needs root and debootstrap (apt-get install debootstrap)", file=sys.stderr
        )
        return 2
    target = Path(tempfile.mkdtemp(prefix="naoberkaart-fresh-"))
    again = [sys.executable, "-m", __spec__.name, "--inside", str(target), "--suite", options.suite]
    isolate = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    try:
        bootstrap(target, options.suite)
        return subprocess.call([*isolate, *again, *(["--full"] if options.full else [])], cwd=ROOT)
    finally:
        shutil.rmtree(target, ignore_errors=True)


# --- making it ----------------------------------------------------------------------------------


def bootstrap(target: Path, suite: str) -> None:
    """Make a Debian of required packages and python3, with our clone and this host's network."""
    target.chmod(0o755)
    log = target.with_suffix(".log")
    command = [
        "debootstrap",
        "--variant=minbase",
        "--include=python3",
        suite,
        str(target),
        mirror(),
    ]
    with step(f"debootstrap {suite}"), log.open("w") as output:
        subprocess.run(command, check=True, stdout=output, stderr=subprocess.STDOUT)
    log.unlink()
    trust = target / TRUST.lstrip("/")
    trust.mkdir()
    for bundle in {value for key, value in os.environ.items() if PASSED_ON.match(key)}:
        if Path(bundle).is_file():
            shutil.copy(bundle, trust)
    (target / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
    (target / "usr/sbin/policy-rc.d").chmod(0o755)
    for source in [Path("/etc/resolv.conf"), Path("/etc/hosts"), *package_settings()]:
        copy_in(source, target)
    subprocess.run(["chroot", target, "useradd", "-m", "-d", HOME, "newcomer"], check=True)
    inside = target / CLONE.lstrip("/")
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(inside)], check=True)
    subprocess.run(["chroot", target, "chown", "-R", "newcomer:", CLONE], check=True)


def mirror() -> str:
    """Return the Debian mirror this host uses, so that a mirrored network works too."""
    for source in sorted(Path("/etc/apt/sources.list.d").glob("*.sources")):
        found = re.search(r"^URIs:\s*(\S+/debian)/?\s*$", source.read_text(), re.MULTILINE)
        if found:
            return found.group(1)
    return "http://deb.debian.org/debian"


def package_settings() -> list[Path]:
    """Return the files by which this host's apt and pip find their packages and trust them."""
    apt = [p for p in Path("/etc/apt/apt.conf.d").iterdir() if "Acquire::" in p.read_text()]
    pip = [Path("/etc/pip.conf"), Path.home() / ".config/pip/pip.conf"]
    return [path for path in [*apt, *pip] if path.exists()]


def index_settings() -> dict[str, str]:
    """Return the variables by which pip finds and trusts its index, certificates in a safe place.

    Installing ca-certificates inside rewrites the bundle in /etc/ssl, which may hold this network's
    own authority; so bundles are named where TRUST keeps their copies.
    """
    settings = {key: value for key, value in os.environ.items() if PASSED_ON.match(key)}
    return {
        key: f"{TRUST}/{Path(value).name}" if Path(value).is_file() else value
        for key, value in settings.items()
    }


def copy_in(source: Path, target: Path) -> None:
    """Copy a file to the same place inside; root's own settings must serve the newcomer too."""
    place = target / str(source).lstrip("/")
    if source.is_relative_to(Path.home()):
        place = target / "etc/xdg" / source.relative_to(Path.home() / ".config")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, place)


def local_indexes() -> set[Path]:
    """Return the folders this host's pip takes packages from, to be seen inside as well.

    A folder `simple` is an index whose pages point at files beside it, so its parent is returned.
    """
    pip = [sys.executable, "-m", "pip", "config", "list"]
    shown = subprocess.run(pip, capture_output=True, text=True).stdout
    words = re.split(r"['\s=]+", shown)  # pip shows what its environment variables say as well
    named = {word for word in words if word.startswith(("file:///", "/"))}
    folders = {Path(word.removeprefix("file://").rstrip("/")) for word in named}
    roots = {folder.parent if folder.name == "simple" else folder for folder in folders}
    return {root for root in roots if root.is_dir() and len(root.parts) > 2}


def mount_all(target: Path) -> None:
    """Give the Debian processes, devices of its own and shared memory, all gone with us."""
    mount("proc", target / "proc", "-t", "proc")
    mount("sysfs", target / "sys", "-t", "sysfs", "-o", "ro")
    mount("tmpfs", target / "dev", "-t", "tmpfs", "-o", "mode=755")
    for name, (major, minor) in DEVICES.items():
        os.mknod(target / "dev" / name, 0o020666, os.makedev(major, minor))
        (target / "dev" / name).chmod(0o666)  # mknod obeys the umask
    (target / "dev/fd").symlink_to("/proc/self/fd")
    (target / "dev/shm").mkdir()
    mount("tmpfs", target / "dev/shm", "-t", "tmpfs", "-o", "mode=1777")
    for folder in local_indexes():
        place = target / str(folder).lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        mount(str(folder), place, "--bind", "-o", "ro")


def mount(what: str, where: Path, *options: str) -> None:
    """Mount, or raise CalledProcessError."""
    subprocess.run(["mount", *options, what, str(where)], check=True)


# --- the proof ----------------------------------------------------------------------------------


def prove(target: Path, full: bool) -> int:
    """Type the README's commands inside and judge what comes back."""
    mount_all(target)
    with step("it is fresh: no pip, no venv, no compiler, no Qt library"):
        for module in ("pip", "ensurepip"):
            expect(
                inside(target, "newcomer", f"python3 -c 'import {module}'").returncode != 0, module
            )
    with step("without rights: the exact command, and exit code 2"):
        told = inside(target, "newcomer", "python3 dev.py test")
        expect(told.returncode == 2, told)
        expect("sudo apt-get install --yes" in told.stderr and "python3-venv" in told.stderr, told)
    tests = [] if full else SMOKE
    with step("as root: python3 dev.py test " + " ".join(tests)):
        passed = inside(target, "root", "python3 dev.py test " + " ".join(tests))
        print(last_lines(passed.stdout, 3))
        expect(passed.returncode == 0, passed)
    with step("as root, without a display: python3 dev.py run"):
        shown = inside(target, "root", "python3 dev.py run")
        print(last_lines(shown.stdout + shown.stderr, 8))
        expect(shown.returncode == 0, shown)
    with step("again: set-up is not done twice"):
        started = time.monotonic()
        again = inside(target, "root", "python3 dev.py texts --compile")
        expect(again.returncode == 0 and "Installing" not in again.stderr, again)
        expect(time.monotonic() - started < 10, "it took too long")
    with step("without rights, now that the libraries are there: the sandboxed tour"):
        subprocess.run(["chroot", target, "chown", "-R", "newcomer:", HOME], check=True)
        shown = inside(target, "newcomer", "python3 dev.py run")
        expect(shown.returncode == 0, shown)
    return 0


def inside(target: Path, user: str, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the clone: closed input, no settings but those of a package index."""
    home = "/root" if user == "root" else HOME
    settings = index_settings() | {
        "HOME": home,
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    }
    argv = ["chroot", f"--userspec={user}:{user}", target, "sh", "-c", f"cd {CLONE} && {command}"]
    return subprocess.run(
        argv, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


def expect(holds: bool, what: object) -> None:
    """Stop the proof with what was seen instead."""
    if holds:
        return
    if isinstance(what, subprocess.CompletedProcess):
        said = [last_lines(what.stdout, 60), last_lines(what.stderr, 60)]
        what = "\n".join([f"exit code {what.returncode}", *said])
    raise SystemExit(f"prove fresh: not proven: {what}")


def last_lines(text: str, count: int) -> str:
    """Return the end of a program's output."""
    return "\n".join(text.rstrip().splitlines()[-count:])


class step:
    """Say what is being done and, afterwards, how long it took."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        print(f"... {self.name}", flush=True)
        self.started = time.monotonic()

    def __exit__(self, kind: object, *rest: object) -> None:
        verdict = "ok" if kind is None else "FAILED"
        print(f"{verdict} {self.name} ({time.monotonic() - self.started:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
