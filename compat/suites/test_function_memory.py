"""Memory of a server that tests functions: bounded, whatever is tested and however often."""

import json
import os
import re
from pathlib import Path

import pytest

import server as keyfront
from clients import client
from functions import REQUEST, name_of, new_function

FUNCTIONS = 50
LIMIT_KB = 60 * 1024

pytestmark = pytest.mark.skipif(not os.path.exists("/proc"), reason="memory is read from /proc")


@pytest.fixture
def own_server(tmp_path):
    server = keyfront.dev(tmp_path)
    yield server
    server.kill()


def processes(root):
    """A process and its children, which are the workers that run functions."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # It ended meanwhile.
    return [root, *(pid for pid, parent in parents.items() if parent == root)]


def memory_kb(server):
    """The proportional set size: what processes share counts once."""
    total = 0
    for pid in processes(server.process.pid):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue  # A worker that was replaced meanwhile.
        total += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE).group(1))
    return total


@pytest.mark.parametrize("calls", [1_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_functions_are_tested_without_end_in_bounded_memory(own_server, calls):
    control = client(own_server, "cloudfront")
    code = "function handler(event) {{ event.request.uri = '/{0}'; return event.request; }}"
    created = [new_function(control, code=code.format(number).encode()) for number in range(FUNCTIONS)]
    event = json.dumps(REQUEST).encode()
    seen = []
    for call in range(calls):
        function = created[call % FUNCTIONS]
        answer = control.test_function(Name=name_of(function), IfMatch=function["ETag"], EventObject=event)
        assert not answer["TestResult"].get("FunctionErrorMessage")
        if call in (calls // 2, calls - 1):
            seen.append(memory_kb(own_server))
    half, end = seen
    assert end < LIMIT_KB
    # Flat after the first half, but for what the allocator keeps.
    assert end < half * 1.15
