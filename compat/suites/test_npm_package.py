"""The packages for npm, as npm installs them."""

import json
import os
import re
import shutil
import signal
import subprocess

import pytest

import node
import packages
from packages import PACKAGES, run
from server import BINARY, PATIENCE

SOURCE = PACKAGES / "npm"


def installed():
    """A project that has the packages as npm put them there; what its tests need is in the folder above it."""
    modules = node.packages(SOURCE / "tests", "npm-package")
    packed = sorted(packages.dist().glob("*.tgz"))
    with packages.made_once("npm", *packed, SOURCE / "tests") as (folder, complete):
        project = folder / "project"
        if not complete:
            project.mkdir()
            (project / "package.json").write_text('{"private": true}')
            run("npm", "install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", *packed, folder=project)
            (folder / "node_modules").symlink_to(modules)
            ignored = shutil.ignore_patterns("package-lock.json", "node_modules")
            shutil.copytree(SOURCE / "tests", project, ignore=ignored, dirs_exist_ok=True)
        return project


def runs(project, program, *arguments, **extra):
    """Runs a program of the packages, and returns what it said."""
    answer = run(project.parent / "node_modules/.bin" / program, *arguments, folder=project, NO_COLOR="1", **extra)
    return answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("pool", "workers"),
    [("forks", ""), *(pytest.param(pool, "2", marks=pytest.mark.long) for pool in ("forks", "threads"))],
)
def test_vitest(pool, workers):
    said = runs(installed(), "vitest", "run", POOL=pool, WORKERS=workers)
    assert re.search(r"Tests +15 passed \(15\)", said)


@pytest.mark.parametrize("workers", ["--maxWorkers=2", pytest.param("--runInBand", marks=pytest.mark.long)])
def test_jest(workers):
    said = runs(installed(), "jest", workers)
    assert re.search(r"^Tests: +15 passed, 15 total$", said, re.MULTILINE)
    assert "did not exit" not in said


def test_the_types():
    runs(installed(), "tsc", "--project", ".")


def test_both_runners_have_the_same_tests():
    """They differ in how they import alone."""
    for name in ("stores", "functions"):
        one = (SOURCE / f"tests/vitest/{name}.test.mjs").read_text()
        other = (SOURCE / f"tests/jest/{name}.test.js").read_text()
        assert one.partition("\n\n")[2] == other.partition("\n\n")[2]


def test_the_packages_say_the_same_version():
    project = installed()
    own = json.loads((project / "node_modules/keyfront/package.json").read_text())
    platform = json.loads((project / "node_modules/@keyfront/linux-x64/package.json").read_text())
    assert own["optionalDependencies"] == {"@keyfront/linux-x64": own["version"]}
    assert platform["version"] == own["version"]
    assert run(BINARY, "--version").stdout == f"keyfront {own['version']}\n"


def test_the_command():
    command = installed() / "node_modules/.bin/keyfront"
    assert run(command, "--version").stdout == run(BINARY, "--version").stdout
    assert "unrecognized" in run(command, "nothing", code=2).stderr


def test_a_signal_reaches_the_program():
    command = [installed() / "node_modules/.bin/keyfront", "dev", "--ephemeral", "--listen", "127.0.0.1:0"]
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=packages.environment()
    )
    try:
        assert packages.ready_line(started.stdout)
        started.send_signal(signal.SIGTERM)
        assert started.wait(PATIENCE) == 0
        # The program has the same standard output, which ends only when it has ended too.
        assert started.stdout.read() == ""
    finally:
        started.kill()
        started.stdout.close()


def test_a_platform_without_a_package(tmp_path):
    package = tmp_path / "node_modules/keyfront"
    shutil.copytree(installed() / "node_modules/keyfront", package)
    script = "console.log(require('keyfront').findBinary())"
    answer = run("node", "-e", script, folder=tmp_path, code=1)
    assert "the package @keyfront/linux-" in answer.stderr and "--omit=optional" in answer.stderr
    answer = run("node", "-e", script, folder=tmp_path, KEYFRONT_BIN=os.fspath(BINARY))
    assert answer.stdout.strip() == os.fspath(BINARY)
