"""Make requirements.lock anew, or see that all of it has wheels: `python3 dev.py lock`, `python3 dev.py lock --wheels`.

Other arguments go to `uv pip compile` (--upgrade for newer libraries). uv is the one resolver that answers for every
platform at once; it is fetched for this once and is no part of the lock.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements.lock"
# Where LeadDesk is promised to run; manylinux_2_34 is what Qt's own wheels ask of Linux.
PLATFORMS = ("x86_64-pc-windows-msvc", "aarch64-apple-darwin", "x86_64-manylinux_2_34")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def fetch_uv(folder: Path) -> Path:
    """Install uv into `folder` and return the program."""
    pip = [sys.executable, "-I", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--target", str(folder), "uv"], check=True)
    return folder / "bin" / ("uv.exe" if os.name == "nt" else "uv")


def write_lock(uv: Path, arguments: Sequence[str]) -> int:
    """Write the lock: libraries and tools, for every platform, by hash and without any address."""
    wanted = ["pyproject.toml", "--group", "dev", "--universal", "--python-version", PYTHONS[0]]
    plain = ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--quiet", "-o", LOCK]
    told = ["--custom-compile-command", "python3 dev.py lock"]
    return subprocess.run([uv, "pip", "compile", *wanted, *plain, *told, *arguments], cwd=ROOT, check=False).returncode


def check_wheels(uv: Path) -> int:
    """Resolve the lock from wheels alone for each promised platform and Python; nothing is installed."""
    worst = 0
    for target in PLATFORMS:
        for python in PYTHONS:
            asked = ["--python-platform", target, "--python-version", python, "--only-binary", ":all:", "--no-deps"]
            command = [uv, "pip", "compile", LOCK, *asked, "--quiet", "--output-file", os.devnull]
            code = subprocess.run(command, cwd=ROOT, check=False).returncode
            print(f"{'MISSING' if code else 'wheels '}  Python {python}  {target}", flush=True)
            worst = max(worst, code)
    return worst


def main(arguments: Sequence[str]) -> int:
    """Do what is asked and return uv's own exit code."""
    with TemporaryDirectory(prefix="leaddesk-") as folder:
        uv = fetch_uv(Path(folder))
        return check_wheels(uv) if "--wheels" in arguments else write_lock(uv, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
