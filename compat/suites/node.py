"""Node programs with packages: installed once for all runs, and only as their lock says."""

import fcntl
import re
import shutil
import subprocess

import pytest

from server import PATIENCE, ROOT, clean_environment

# What npm says when it is not the packages' fault.
NO_NETWORK = re.compile(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b")


def packages(source, name, *programs):
    """The `node_modules` of a package's lock, below the target folder, with copies of its `programs` beside it.

    They are installed anew when the package, its lock or a program change. The stamp is written last, so an
    installation that broke off counts as none; and one process installs while the others wait for it.
    """
    for program in ("node", "npm"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed: {source.relative_to(ROOT)} was not checked")
    wanted = {file: (source / file).read_bytes() for file in ("package.json", "package-lock.json", *programs)}
    folder = ROOT / "target" / name
    folder.parent.mkdir(exist_ok=True)
    with open(folder.with_suffix(".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(folder, wanted, source)
    return folder / "node_modules"


def install(folder, wanted, source):
    """Makes a folder with these files and the packages that they name, unless it is there."""
    stamp = folder / "installed"
    key = b"".join(wanted.values())
    if stamp.exists() and stamp.read_bytes() == key:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file, content in wanted.items():
        (folder / file).write_bytes(content)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    answer = subprocess.run(
        command, cwd=folder, env=clean_environment(), capture_output=True, text=True, timeout=PATIENCE * 12
    )
    if answer.returncode != 0 and NO_NETWORK.search(answer.stderr):
        pytest.skip(f"npm reaches no registry: {source.relative_to(ROOT)} was not checked")
    assert answer.returncode == 0, answer.stderr
    stamp.write_bytes(key)
