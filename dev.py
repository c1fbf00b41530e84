"""Set up LeadDesk beside its source and run it or its checks. Needs a Python and nothing else.

python3 dev.py run ARGS…     run `leaddesk ARGS…` (its exit code, its output; words about the set-up go to stderr)
python3 dev.py test ARGS…    every check: ruff, types, tests (ARGS go to pytest)
python3 dev.py soak ARGS…    the tests that take minutes
python3 dev.py setup         only set up
python3 dev.py lock ARGS…    make requirements.lock anew (--upgrade), or see that all of it has wheels (--wheels)
"""

import contextlib
import hashlib
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "leaddesk-stamp"
OLDEST, NEWEST = (3, 11), (3, 14)
CANNOT = 3  # the exit code for "the machine lacks something", as in leaddesk itself
STDERR = 2

# What Qt opens on Linux beyond its own wheels (NEEDED of QtGui, QtWidgets and the platform plugin), by Debian package.
# The offscreen platform and `import PySide6.QtWidgets` need the first lot, a window on X11 the second as well.
QT_NEEDS = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
}
WINDOW_NEEDS = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}

MAILBOX_SERVER = Path("/usr/lib/dovecot/imap")  # of Debian's dovecot-imapd, from which the tests read a mailbox


def say(words: str) -> None:
    """Tell the person at the keyboard; stdout belongs to the program that is run."""
    print(words, file=sys.stderr, flush=True)


def give_up(words: str) -> NoReturn:
    """Say what is lacking and end."""
    say(words)
    raise SystemExit(CANNOT)


# -- what the machine must bring ---------------------------------------------------------------------------------------


def unloadable(sonames: Iterable[str]) -> list[str]:
    """Return those of the shared libraries that the loader cannot open here."""
    import ctypes

    missing = []
    for soname in sonames:
        try:
            ctypes.CDLL(soname)
        except OSError:
            missing.append(soname)
    return missing


def lacks_venv() -> bool:
    """Debian splits ensurepip (and so `venv`) from its Python."""
    from importlib.util import find_spec

    return any((spec := find_spec(name)) is None or spec.origin is None for name in ("venv", "ensurepip"))


def missing_packages(needs: dict[str, str]) -> list[str]:
    """Return the Debian packages that would bring the missing libraries of `needs`; none but on Linux."""
    return [needs[soname] for soname in unloadable(needs)] if sys.platform == "linux" else []


def apt_line(packages: Sequence[str], prefix: str = "sudo ") -> str:
    """Return the one shell line that brings `packages` to a Debian or Ubuntu."""
    return f"{prefix}apt-get update && {prefix}apt-get install -y --no-install-recommends {' '.join(packages)}"


def prepare_machine() -> None:
    """Bring what pip cannot: by apt-get where we may, else by asking the person for exactly one line."""

    def vital() -> list[str]:
        return ([f"python3.{sys.version_info.minor}-venv"] if lacks_venv() else []) + missing_packages(QT_NEEDS)

    window = missing_packages(WINDOW_NEEDS)
    needed = vital()
    if not needed and not window:
        return
    from shutil import which

    if which("apt-get") and (privilege := _privilege(asking=bool(needed))) is not None:
        import subprocess

        say(f"LeadDesk: installing {' '.join(needed + window)}")
        line = apt_line([*needed, *window], privilege)
        subprocess.run(
            ["sh", "-c", line], stdout=STDERR, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        )
        import importlib

        importlib.invalidate_caches()
        needed, window = vital(), missing_packages(WINDOW_NEEDS)
    line = apt_line([*needed, *window], "" if getattr(os, "geteuid", lambda: 1)() == 0 else "sudo ")
    if needed:
        give_up(f"LeadDesk needs some libraries of the system. Run this line, then try again:\n  {line}")
    if window:
        say(f"LeadDesk: to open the window on this machine run once:\n  {line}")


def bring_mailbox_server() -> None:
    """Try to install what only some tests need, where nobody has to be asked; without it they are skipped and say so.

    The list of packages is not fetched anew and nothing is waited for long: a machine may have no network.
    """
    from shutil import which

    if sys.platform != "linux" or os.geteuid() != 0 or MAILBOX_SERVER.exists() or not which("apt-get"):
        return
    import subprocess

    say("LeadDesk: installing dovecot-imapd for the tests of the mailbox, if it can be had")
    hurry = ["Acquire::Retries=0", "Acquire::http::Timeout=5", "Acquire::https::Timeout=5", "DPkg::Lock::Timeout=0"]
    options = [word for option in hurry for word in ("-o", option)]
    subprocess.run(
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *options, "dovecot-imapd"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def _privilege(*, asking: bool) -> str | None:
    """Return what to put before apt-get: nothing for root, sudo where it works (`asking`: may ask for a password)."""
    if os.geteuid() == 0:
        return ""
    from shutil import which
    from subprocess import DEVNULL, run

    if not which("sudo"):
        return None
    if run(["sudo", "-n", "true"], stdout=DEVNULL, stderr=DEVNULL, check=False).returncode == 0:
        return "sudo -n "
    return "sudo " if asking and sys.stdin.isatty() and sys.stderr.isatty() else None


# -- the virtual environment -------------------------------------------------------------------------------------------


def venv_python(venv: Path = VENV) -> Path:
    """Return the interpreter of a virtual environment, which may not be there yet."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp() -> str:
    """Return what a finished set-up of this checkout by this Python writes: its interpreter, then the locked set."""
    version = ".".join(map(str, sys.version_info[:2]))
    digest = hashlib.sha256(LOCK.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    return f"{sys.implementation.name} {version} {platform.machine()}\n{digest}\n"


def written_stamp() -> str:
    """Return the stamp of the last finished set-up, empty where there is none or its interpreter is gone."""
    try:
        return STAMP.read_text(encoding="utf-8") if venv_python().exists() else ""
    except OSError:
        return ""


@contextlib.contextmanager
def alone() -> Iterator[dict[str, Any]]:
    """Let one process at a time set up, and give what its children must be started with.

    The system lets go of the lock when its last holder dies, so none goes stale; children hold it too where they can,
    so that nobody clears the environment under the pip of a set-up whose parent was killed.
    """
    with (ROOT / ".venv.lock").open("ab") as handle:
        if os.name == "nt":
            import msvcrt

            held = False
            while not held:
                with contextlib.suppress(OSError):  # LK_LOCK gives up after ten seconds
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                    held = True
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield {} if os.name == "nt" else {"pass_fds": (handle.fileno(),)}


def set_up() -> None:
    """Make .venv hold exactly the locked libraries.

    The stamp goes away first and comes back last: a set-up that was killed is begun anew from an empty environment.
    """
    if written_stamp() == stamp():
        return
    import subprocess

    with alone() as held:
        before, wanted = written_stamp(), stamp()
        if before == wanted:
            return
        prepare_machine()
        say("LeadDesk: setting up (once, a minute or so)")
        try:
            STAMP.unlink(missing_ok=True)
            if before.partition("\n")[0] != wanted.partition("\n")[0]:
                base = getattr(sys, "_base_executable", None) or sys.executable
                subprocess.run([base, "-I", "-m", "venv", "--clear", str(VENV)], stdout=STDERR, check=True, **held)
            pip = [str(venv_python()), "-I", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
            hashed = ["--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]
            subprocess.run([*pip, *hashed], stdout=STDERR, check=True, **held)
            subprocess.run([str(venv_python()), "-I", "-c", "import PySide6.QtWidgets"], stdout=STDERR, check=True)
        except (OSError, subprocess.CalledProcessError) as failure:
            give_up(f"LeadDesk could not be set up ({failure}). The words above say why; then run the same line again.")
        STAMP.write_text(wanted, encoding="utf-8", newline="\n")


def hand_over(command: Sequence[str]) -> NoReturn:
    """Become `command`, with our package on its path; the working directory stays the person's own."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    if os.name != "nt":
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted
    import subprocess

    child = subprocess.Popen(command, env=environment)
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # the console tells the child as well; its answer counts
            raise SystemExit(child.wait())


# -- what one may ask for ----------------------------------------------------------------------------------------------


def run(arguments: Sequence[str]) -> NoReturn:
    """Run the program itself. -P: a file named like a library in the person's folder must not be imported."""
    hand_over([str(venv_python()), "-P", "-m", "leaddesk", *arguments])


def check(arguments: Sequence[str]) -> int:
    """Run every check, also past a failed one, and return the first failure."""
    import subprocess

    bring_mailbox_server()
    checks = (
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["mypy"],
        ["pytest", "-n", "2", "--dist", "loadfile", *arguments],
    )
    failures = []
    for words in checks:
        say(f"== {' '.join(words)}")
        failures.append(subprocess.run([str(venv_python()), "-m", *words], cwd=ROOT, check=False).returncode)
    return next(filter(None, failures), 0)


def soak(arguments: Sequence[str]) -> NoReturn:
    """Run the tests that are too long for every day."""
    os.chdir(ROOT)
    hand_over([str(venv_python()), "-m", "pytest", "-m", "soak", *arguments])


def lock(arguments: Sequence[str]) -> NoReturn:
    """Make requirements.lock anew, or see that all of it has wheels."""
    hand_over([str(venv_python()), str(ROOT / "tools" / "lock.py"), *arguments])


COMMANDS = {"run": run, "test": check, "soak": soak, "lock": lock, "setup": lambda _arguments: 0}


def main(argv: Sequence[str]) -> int:
    """Set up, then do what is asked; raise SystemExit where the command says so itself."""
    if not argv or argv[0] not in COMMANDS:
        say(__doc__ or "")
        return 0 if argv[:1] in (["-h"], ["--help"]) else 2
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        give_up(f"LeadDesk needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this is {platform.python_version()}.")
    set_up()
    return COMMANDS[argv[0]](argv[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
