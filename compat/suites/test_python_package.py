"""The package for Python, as pip installs it."""

import re
import shutil
import sys

import packages
from packages import PACKAGES, run
from server import BINARY, ROOT

SOURCE = PACKAGES / "python"


def test_the_wheel_says_which_systems_can_run_it():
    wheel = packages.wheel()
    version = re.search(r'^version = "([^"]+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    assert re.fullmatch(rf"keyfront-{version}-py3-none-manylinux_2_\d+_x86_64(\.\w+)?\.whl", wheel.name)
    # auditwheel finds the tag by itself, from the libraries and the versions of their symbols.
    tag = wheel.stem.rpartition("-")[2]
    shown = run(sys.executable, "-m", "auditwheel", "show", wheel).stdout
    assert f'is consistent with\nthe following platform tag: "{tag}"' in shown


def test_a_wheel_is_not_made_of_anything_else(tmp_path):
    text = tmp_path / "keyfront"
    text.write_text("#!/bin/sh\n")
    assert "not a program for Linux" in run(sys.executable, SOURCE / "build.py", text, tmp_path, code=1).stderr


def test_a_program_is_installed(tmp_path):
    python = packages.python_environment()
    installed = python.with_name("keyfront")
    assert installed.read_bytes() == BINARY.read_bytes()
    assert run(installed, "--version", folder=tmp_path).stdout == run(BINARY, "--version").stdout


def test_the_fixtures(tmp_path):
    folder = tmp_path / "tests"
    shutil.copytree(SOURCE / "tests", folder, ignore=shutil.ignore_patterns("__pycache__"))
    python = packages.python_environment()
    answer = run(python, "-m", "pytest", "-q", "-n", "2", folder=folder, PYTHONDONTWRITEBYTECODE="1")
    assert re.search(r"^2[0-9] passed in ", answer.stdout, re.MULTILINE), answer.stdout


def test_its_types_hold():
    answer = run(sys.executable, "-m", "mypy", "--cache-dir", ROOT / "target/packages/mypy", folder=SOURCE)
    assert answer.stdout.startswith("Success: ")
