"""The examples of test suites, run as their reader runs them."""

import os
import re
import shutil
import subprocess
import sys

import pytest

import documents
import node
from server import BINARY, PATIENCE, ROOT, clean_environment

EXAMPLES = ROOT / "examples"


@pytest.fixture
def run_in(tmp_path):
    """Runs a command in a copy of an example, where `keyfront` is on the path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "keyfront").symlink_to(BINARY)
    path = f"{programs}:{os.environ['PATH']}"
    folder = tmp_path / "example"

    def run_in(example, *command, modules=None):
        ignored = shutil.ignore_patterns("node_modules", "__pycache__", "keyfront.log")
        shutil.copytree(EXAMPLES / example, folder, ignore=ignored)
        if modules:
            (folder / "node_modules").symlink_to(modules)
        return subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE * 6,
            env=clean_environment(PATH=path, PYTHONDONTWRITEBYTECODE="1"),
        )

    return run_in


def test_pytest(run_in):
    answer = run_in("pytest", sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert re.search(r"^7 passed in ", answer.stdout, re.MULTILINE), answer.stdout


def test_jest(run_in):
    modules = node.packages(EXAMPLES / "jest", "jest-example")
    answer = run_in("jest", "npm", "test", modules=modules)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert re.search(r"^Tests: +7 passed, 7 total$", answer.stderr, re.MULTILINE), answer.stderr
    assert "did not exit" not in answer.stderr


def test_the_pytest_example_asks_for_what_was_tested():
    tested = (ROOT / "compat/requirements.txt").read_text().splitlines()
    for line in (EXAMPLES / "pytest/requirements.txt").read_text().splitlines():
        assert line.startswith("#") or line in tested


@pytest.mark.parametrize("name", ["pytest/conftest.py", "jest/keyfront/start.js"])
def test_the_documents_show_the_examples_as_they_are(name):
    steps = documents.read(ROOT / "docs/testing-your-code.md")
    shown = [step for step in steps if isinstance(step, documents.File) and name.endswith("/" + step.name)]
    assert [step.text for step in shown] == [(EXAMPLES / name).read_text()]
