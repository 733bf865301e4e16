"""Node programs with packages: installed once for all runs, and only as their lock says."""

import re
import shutil
import subprocess

import pytest

from server import PATIENCE, ROOT, clean_environment

# What npm says when it is not the packages' fault.
NO_NETWORK = re.compile(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b")


def packages(source, name):
    """The `node_modules` of a package's lock, below the target folder.

    They are installed anew when the package or its lock change. The stamp is written last, so an
    installation that broke off counts as none.
    """
    for program in ("node", "npm"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed: {source.relative_to(ROOT)} was not checked")
    wanted = {file: (source / file).read_bytes() for file in ("package.json", "package-lock.json")}
    folder = ROOT / "target" / name
    stamp = folder / "installed"
    key = b"".join(wanted.values())
    if not stamp.exists() or stamp.read_bytes() != key:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file, content in wanted.items():
            (folder / file).write_bytes(content)
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        answer = subprocess.run(
            install, cwd=folder, env=clean_environment(), capture_output=True, text=True, timeout=PATIENCE * 12
        )
        if answer.returncode != 0 and NO_NETWORK.search(answer.stderr):
            pytest.skip(f"npm reaches no registry: {source.relative_to(ROOT)} was not checked")
        assert answer.returncode == 0, answer.stderr
        stamp.write_bytes(key)
    return folder / "node_modules"
