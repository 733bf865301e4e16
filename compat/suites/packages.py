"""The packages, built once for all processes of a run and installed without the checkout."""

import contextlib
import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from server import BINARY, PATIENCE, ROOT, clean_environment

PACKAGES = ROOT / "packages"
BUILT = ROOT / "target/packages"
# The time of the files in packages whose form has one.
EPOCH = "1700000000"


@contextlib.contextmanager
def made_once(name, *sources):
    """A folder below the target folder, and whether it is complete for these files and the program.

    The block fills it if it is not; one process does, while the others wait for it.
    """
    key = hashlib.sha256(f"{BINARY} {BINARY.stat().st_mtime_ns} {BINARY.stat().st_size}".encode())
    for source in sources:
        for file in sorted(source.rglob("*") if source.is_dir() else [source]):
            if file.is_file() and not {"__pycache__", "node_modules"} & set(file.parts):
                key.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    BUILT.mkdir(parents=True, exist_ok=True)
    folder = BUILT / name
    with open(BUILT / f"{name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = folder / "complete"
        complete = stamp.exists() and stamp.read_text() == key.hexdigest()
        if not complete:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        yield folder, complete
        stamp.write_text(key.hexdigest())


def environment(**extra):
    """An environment that leads no AWS client elsewhere, and to no other program than the installed one."""
    return {name: value for name, value in clean_environment().items() if not name.startswith("KEYFRONT_")} | extra


def run(*command, folder=None, code=0, **extra):
    """Runs a program and returns its end."""
    answer = subprocess.run(
        [str(word) for word in command],
        cwd=folder, env=environment(**extra), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=PATIENCE * 9,
    )
    assert answer.returncode == code, f"{command}\n{answer.stdout}{answer.stderr}"
    return answer


def ready_line(stdout):
    """The line `ready http://ADDRESS` that a server prints, after those of the edge."""
    for line in stdout:
        if line.startswith("ready "):
            return line
    return ""


def dist():
    """The folder with every artifact of a release, made of the program under test."""
    sources = [ROOT / name for name in ("Cargo.toml", "Cargo.lock", "README.md", "CHANGELOG.md", "docs/pictures")]
    with made_once("dist", PACKAGES, *sources) as (folder, complete):
        if not complete:
            run(sys.executable, PACKAGES / "dist.py", BINARY, folder / "out", SOURCE_DATE_EPOCH=EPOCH)
        return folder / "out"


def wheel():
    """The wheel for Python."""
    (found,) = dist().glob("*.whl")
    return found


def python_environment():
    """The Python of an environment that has the wheel, beside the packages of the suites."""
    built = wheel()
    with made_once("python-environment", built) as (folder, complete):
        python = folder / "bin/python"
        if not complete:
            run(sys.executable, "-m", "venv", "--without-pip", folder)
            install = ("-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", built)
            run(sys.executable, *install)
            (site,) = folder.glob("lib/python*/site-packages")
            (own,) = Path(sys.prefix).glob("lib/python*/site-packages")
            (site / "dependencies.pth").write_text(f"{own}\n")
        return python
