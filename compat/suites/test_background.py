"""Servers without a terminal: in the background, and at the other end of a pipe."""

import json
import os
import signal
import socket
import subprocess

import pytest

from server import BINARY, PATIENCE, clean_environment

FREE = ("--port", "0", "--admin", "127.0.0.1:0")


def dev(folder, *arguments):
    return subprocess.run(
        [BINARY, "dev", *map(str, arguments)],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=3 * PATIENCE,
        env=clean_environment(),
    )


def process_of(folder):
    """The process id that a server in the background has written down."""
    return json.loads((folder / "background.json").read_text())["ProcessId"]


def answers(url):
    """Whether an address takes connections."""
    host, _, port = url.rpartition("/")[2].rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.fixture
def stopped(tmp_path):
    """A folder of a project, in which no server is left behind."""
    yield tmp_path
    for file in tmp_path.rglob("background.json"):
        dev(tmp_path, "--stop", "--run-folder", file.parent)


def test_a_server_in_the_background_answers_when_the_command_ends_and_stops_when_told(stopped):
    began = dev(stopped, "--detach", *FREE)
    assert began.returncode == 0, began.stderr
    # The lines of a server in the foreground, and nothing else.
    edge, ready, admin = began.stdout.splitlines()
    assert (edge.split()[0], ready.split()[0], admin.split()[0]) == ("edge", "ready", "admin")
    assert answers(ready.split()[1])
    assert (stopped / ".keyfront/.gitignore").read_text() == "*\n"
    assert f"process {process_of(stopped / '.keyfront')}" in began.stderr
    assert "Keyfront for development" in (stopped / ".keyfront/background.log").read_text()
    # A second one is refused and harms the first in no way.
    again = dev(stopped, "--detach", *FREE)
    assert again.returncode == 1 and "runs in the background already" in again.stderr
    assert answers(ready.split()[1])
    ended = dev(stopped, "--stop")
    assert ended.returncode == 0 and "stopped the server" in ended.stderr
    assert not answers(ready.split()[1])
    # Then there is nothing to do, and that is said.
    ended = dev(stopped, "--stop")
    assert ended.returncode == 0 and "no server runs in the background" in ended.stderr


def test_only_the_server_of_the_named_folder_is_stopped(stopped):
    one = dev(stopped, "--detach", "--ephemeral", "--run-folder", "one", "--output", "json", *FREE)
    two = dev(stopped, "--detach", "--data", "two", "--output", "json", *FREE)
    one, two = json.loads(one.stdout), json.loads(two.stdout)
    assert one["ProcessId"] == process_of(stopped / "one") != two["ProcessId"]
    assert dev(stopped, "--stop", "--data", "two").returncode == 0
    assert answers(one["Endpoint"]) and not answers(two["Endpoint"])
    missing = dev(stopped, "--stop", "--data", "three")
    assert missing.returncode == 1 and "there is no folder three" in missing.stderr
    assert answers(one["Endpoint"])


def test_a_file_that_a_killed_server_left_behind_stops_no_process(stopped):
    assert dev(stopped, "--detach", *FREE).returncode == 0
    os.kill(process_of(stopped / ".keyfront"), signal.SIGKILL)
    with subprocess.Popen(["sleep", "60"]) as bystander:
        try:
            # Its end is certain when the folder can be taken again.
            folder = stopped / ".keyfront"
            subprocess.run(["flock", folder / "background.json", "true"], check=True, timeout=PATIENCE)
            (folder / "background.json").write_text(json.dumps({"ProcessId": bystander.pid}))
            ended = dev(stopped, "--stop")
            assert ended.returncode == 0 and "no server runs in the background" in ended.stderr
            assert bystander.poll() is None
        finally:
            bystander.kill()


def test_a_server_that_does_not_start_is_told_with_its_log(stopped):
    answer = dev(stopped, "--detach", "--seed", "nowhere", *FREE)
    assert answer.returncode == 1 and answer.stdout == ""
    assert "did not start" in answer.stderr and "nowhere: cannot be read" in answer.stderr


def test_a_server_ends_with_its_standard_input():
    process = subprocess.Popen(
        [BINARY, "dev", "--ephemeral", "--exit-with-stdin", "--output", "json", *FREE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean_environment(),
    )
    with process:
        endpoint = json.loads(process.stdout.readline())["Endpoint"]
        process.stdin.write(b"not looked at\n")
        process.stdin.flush()
        assert answers(endpoint)
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
