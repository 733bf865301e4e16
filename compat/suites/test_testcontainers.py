"""The modules for Testcontainers, with a stand-in for the container engine; DOCKER_HOST names a real one instead."""

import os
import re
import shutil
import sys

import pytest

import node
from container_engine import Engine
from packages import PACKAGES, run
from server import BINARY

MODULES = PACKAGES / "testcontainers"


@pytest.fixture
def engine(tmp_path_factory):
    """What leads Testcontainers to an engine."""
    variables = {
        # The stand-in has no containers that could be left behind.
        "TESTCONTAINERS_RYUK_DISABLED": "true",
        "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
        "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1",
    }
    if os.environ.get("DOCKER_HOST"):
        yield variables
        return
    with Engine(tmp_path_factory.mktemp("engine")) as engine:
        yield variables | {"DOCKER_HOST": engine.url}


def test_python(engine, tmp_path):
    shutil.copytree(MODULES / "python", tmp_path / "python", ignore=shutil.ignore_patterns("__pycache__"))
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    answer = run(*command, folder=tmp_path / "python", PYTHONDONTWRITEBYTECODE="1", **engine)
    assert re.search(r"^4 passed in ", answer.stdout, re.MULTILINE), answer.stdout


def test_node(engine):
    files = ("index.js", "index.test.mjs")
    folder = node.packages(MODULES / "node", "testcontainers-node", *files).parent
    answer = run("node", "--test", "--test-reporter", "tap", folder=folder, **engine)
    assert "# pass 4\n# fail 0\n" in answer.stdout, answer.stdout


def test_java(tmp_path):
    for program in ("javac", "java"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed: the module for Java was not checked")
    sources = sorted((MODULES / "java/src").rglob("*.java"))
    run("javac", "-Xlint:all", "-Werror", "-d", tmp_path, *sources)
    answer = run(
        "java", "-cp", tmp_path, "keyfront.testcontainers.KeyfrontContainerTest", KEYFRONT_BIN=str(BINARY)
    )
    assert re.fullmatch(r"\d+ checks passed\n", answer.stdout)


def test_all_modules_have_the_same_configuration():
    """It is written in each, so that each is a file of its own."""
    settings = [
        'listen = "0.0.0.0:4700"', 'listen = "0.0.0.0:4701"', "enabled = true", 'listen = "0.0.0.0:4702"',
        'data = "/var/lib/keyfront"', "snapshots = true", "faults = true",
    ]
    names = {"API": "4700", "ADMIN": "4701", "EDGE": "4702", "DATA": "/var/lib/keyfront"}
    java = "java/src/main/java/keyfront/testcontainers/KeyfrontContainer.java"
    for file in ("python/keyfront_testcontainers.py", "node/index.js", java):
        text = re.sub(r"\$?\{(API|ADMIN|EDGE|DATA)\}", lambda found: names[found[1]], (MODULES / file).read_text())
        lines = [line.strip() for line in text.splitlines()]
        begin = lines.index("[server]")
        found = [line for line in lines[begin:begin + 20] if re.match(r"[a-z]+ = ", line)]
        assert found == settings, file
