"""`keyfront kvs sync` at a terminal: colours, the question, the bar; and none of them elsewhere."""

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import threading
import time

import pytest

from clients import all_pairs, put_all
from kvs_command import write_json
from server import PATIENCE

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
QUESTION = "Write this? Only `yes` is accepted: "


class Terminal:
    """A process whose standard streams are a terminal; `screen` is everything that came."""

    def __init__(self, kvs, *arguments, **environment):
        command = kvs.command(*arguments)
        command["env"] = {**command["env"], "TERM": "xterm-256color", **environment}
        self.screen = ""
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(**command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)

    def _read(self):
        """What came since the last time; nothing when the other side has gone."""
        with contextlib.suppress(OSError):  # Linux: EIO at the end
            piece = os.read(self.master, 65536).decode(errors="replace")
            self.screen += piece
            return piece
        return ""

    def until(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.plain:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            assert ready and self._read(), f"{text!r} did not come: {self.screen!r}"

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        """The exit code."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            if not ready or not self._read():
                break
        os.close(self.master)
        return self.process.wait(PATIENCE)

    @property
    def plain(self):
        return ESCAPES.sub("", self.screen).replace("\r\n", "\n")


@pytest.fixture
def terminal():
    """Terminals that are gone after the test."""
    opened = []

    def open_terminal(*arguments, **environment):
        opened.append(Terminal(*arguments, **environment))
        return opened[-1]

    yield open_terminal
    for one in opened:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@pytest.fixture
def file(kvs, store, data):
    """A file that adds, changes and removes."""
    put_all(data, store["arn"], {"b": "1", "c": "1"})
    return write_json(kvs.folder / "p.json", {"a": "1", "b": "2"})


@pytest.mark.parametrize(("answer", "written"), [("yes\n", True), ("y\n", False), ("\n", False), ("no\n", False), ("\x04", False)])
def test_it_asks_and_takes_only_yes(kvs, store, data, file, terminal, answer, written):
    one = terminal(kvs, "sync", store["name"], "--from", file, "--exclusive")
    one.until(QUESTION)
    assert "\nPlan: 1 to add, 1 to change, 1 to remove; 0 unchanged, 0 left alone.\n" in one.plain
    assert all_pairs(data, store["arn"]) == {"b": "1", "c": "1"}
    one.type(answer)
    assert one.end() == (0 if written else 1)
    if written:
        assert "Added 1, changed 1, removed 1 in one step." in one.plain
        assert all_pairs(data, store["arn"]) == {"a": "1", "b": "2"}
    else:
        assert one.plain.endswith("\nkeyfront: nothing was written\n")
        assert all_pairs(data, store["arn"]) == {"b": "1", "c": "1"}


def test_an_interrupt_at_the_question_writes_nothing(kvs, store, data, file, terminal):
    one = terminal(kvs, "sync", store["name"], "--from", file)
    one.until(QUESTION)
    one.process.send_signal(signal.SIGINT)
    assert one.end() == -signal.SIGINT
    assert all_pairs(data, store["arn"]) == {"b": "1", "c": "1"}


def test_a_question_that_nobody_sees_is_not_asked(kvs, store, data, file):
    master, slave = pty.openpty()
    process = kvs.start("sync", store["name"], "--from", file, stdin=slave)
    said = process.stderr.read()
    assert process.wait(PATIENCE) == 1 and "there is no terminal to ask at" in said
    os.close(master), os.close(slave)


def test_the_question_before_a_store_is_emptied_says_so(kvs, store, data, terminal):
    put_all(data, store["arn"], {"a": "1", "b": "1"})
    write_json(kvs.folder / "p.json", {})
    one = terminal(kvs, "sync", store["name"], "--from", "p.json", "--exclusive")
    one.until(QUESTION)
    assert "The file has no pairs: this removes all 2 pairs of the store.\n\nWrite this?" in one.plain
    one.type("no\n")
    assert one.end() == 1


def test_pairs_that_are_typed_are_followed_by_the_question(kvs, store, data, terminal):
    one = terminal(kvs, "sync", store["name"], "--from", "-")
    one.type("key,value\na,1\n\x04")
    one.until(QUESTION)
    one.type("yes\n")
    assert one.end() == 0
    assert all_pairs(data, store["arn"]) == {"a": "1"}


def test_colours_are_for_a_terminal_that_wants_them(kvs, store, file, terminal):
    arguments = ("diff", store["name"], "--from", file)
    coloured = terminal(kvs, *arguments)
    assert coloured.end() == 3
    for line in ("\x1b[32m+\x1b[0m", "\x1b[33m~\x1b[0m", "\x1b[31m-\x1b[0m"):
        assert line in coloured.screen
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": "dumb", "CI": "true"}):
        plain = terminal(kvs, *arguments, **environment)
        assert plain.end() == 3
        assert "\x1b[3" not in plain.screen, environment
        assert plain.plain == coloured.plain
    assert "\x1b" not in kvs.run(*arguments).out
    assert "\x1b" not in kvs.run("sync", store["name"], "--from", file).err


def test_a_bar_is_shown_at_a_terminal(plain_kvs, proxy, store, terminal):
    write_json(plain_kvs.folder / "p.json", {f"k{number}": "v" for number in range(200)})
    drawn = threading.Event()

    def hold_until_drawn(seen):
        if seen.operation == "UpdateKeys" and seen.number > 1:
            assert drawn.wait(PATIENCE)

    proxy.rule = hold_until_drawn
    one = terminal(plain_kvs, "sync", store["name"], "--from", "p.json", "--yes")
    one.until("50 of 200, ")
    drawn.set()
    assert one.end() == 0
    assert re.search(r"writing .* 50 of 200, .*/s, .* left", one.plain), one.plain
    # It is taken away, and the result stands on a line of its own.
    assert one.plain.splitlines()[-1].strip().startswith("Added 200"), one.plain
