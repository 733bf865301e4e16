"""Fixtures for pytest, which loads this module by itself.

`keyfront` is a server for a test: boto3 clients that the test or the tested code makes reach it, and after the test it
holds what it held before. `keyfront_server` is the server behind it, for fixtures that live longer than a test. It
starts with the first test that wants it, one in each process of pytest-xdist, and ends with the session.

Settings, in the configuration of pytest: `keyfront_seed`, a folder of stores to start with; `keyfront_arguments`,
further arguments of `keyfront dev`. The marker `keyfront_seed` makes stores for one test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from keyfront._server import Server

if TYPE_CHECKING:
    from _pytest.config.argparsing import Parser

SEED = "keyfront_seed"
ARGUMENTS = "keyfront_arguments"
# Where a test's share of the server's log begins, in characters.
LOG_START = pytest.StashKey[tuple[Server, int]]()


def pytest_addoption(parser: Parser) -> None:
    parser.addini(SEED, "folder with the stores that the Keyfront server starts with", type="paths", default=[])
    parser.addini(ARGUMENTS, "further arguments of `keyfront dev`", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        'keyfront_seed(*folders, **stores): makes stores for this test, of the files of a folder or of pairs: '
        '@pytest.mark.keyfront_seed("seeds", redirects={"/old": "/new"})',
    )


@pytest.fixture(scope="session")
def keyfront_server(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A Keyfront server, from its first use to the end of the session."""
    folders: list[Path] = pytestconfig.getini(SEED)
    if len(folders) > 1:
        raise pytest.UsageError(f"{SEED} names {len(folders)} folders; the server starts with one")
    log = tmp_path_factory.mktemp("keyfront") / "server.log"
    seed = folders[0] if folders else None
    with Server(seed=seed, arguments=pytestconfig.getini(ARGUMENTS), log=log) as server:
        yield server


@pytest.fixture
def keyfront(keyfront_server: Server, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A Keyfront server that boto3 reaches; what the test changes is undone after it."""
    request.node.stash[LOG_START] = (keyfront_server, len(keyfront_server.log))
    with keyfront_server.snapshot(), keyfront_server.environment():
        # The marker that is closest to the test comes last, so its pairs win.
        for marker in reversed(list(request.node.iter_markers(SEED))):
            for folder in marker.args:
                keyfront_server.seed_folder(request.path.parent / folder)
            keyfront_server.seed(marker.kwargs)
        yield keyfront_server


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Shows what the server logged beside a test that failed."""
    outcome: Any = yield
    report: pytest.TestReport = outcome.get_result()
    if report.failed and LOG_START in item.stash:
        server, start = item.stash[LOG_START]
        logged = server.log[start:].strip()
        if logged:
            report.sections.append(("Keyfront's log", logged))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A marker without the fixture would do nothing, and the test would miss its stores."""
    if item.get_closest_marker(SEED) and "keyfront" not in getattr(item, "fixturenames", ()):
        raise pytest.UsageError(f"{item.nodeid} is marked with {SEED} and does not use the fixture keyfront")
