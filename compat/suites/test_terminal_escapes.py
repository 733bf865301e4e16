"""Nothing that a terminal would obey, or that cannot be seen, reaches it from any command: whatever names, files and servers
say. Every command of the program is run, on a terminal, as its own help says that it is called."""

import json
import os
import pty
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hostile import JSON_TEXT, Hostile
from server import BINARY, clean_environment

# Commands that would change this machine, or run until they are stopped; the others are all run.
LEFT_OUT = {"ca install": "changes what this machine trusts"}
# Servers end at once because of what they are given.
BEGINNINGS = {
    "dev": ["--config", "no\x1b[2J\u202e.toml"],
    "serve": ["--config", "no\x1b[2J\u202e.toml"],
    "edge": ["--config", "no\x1b[2J\u202e.toml"],
}
# C0 but tab and line break, DEL, C1, and what cannot be seen or turns the direction of writing.
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
# What waits for a server is ended then.
PATIENCE = 20


def run(arguments, folder, **environment):
    """What a terminal is sent of both streams, with the line ends that it adds taken out."""
    ours, theirs = pty.openpty()
    received = bytearray()

    def read():
        try:
            while piece := os.read(ours, 65536):
                received.extend(piece)
        except OSError:
            # The other end is closed.
            pass

    reader = threading.Thread(target=read)
    reader.start()
    more = {"NO_COLOR": "1", "TERM": "xterm", "HOME": str(folder), "XDG_DATA_HOME": str(folder), **environment}
    try:
        process = subprocess.Popen(
            [BINARY, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env=clean_environment(**more),
        )
    finally:
        os.close(theirs)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        # What it said until now counts.
        process.kill()
        process.wait()
    reader.join(PATIENCE)
    os.close(ours)
    return bytes(received).replace(b"\r\n", b"\n").decode("utf-8", "replace")


def help_of(*command):
    shown = subprocess.run([BINARY, *command, "--help"], capture_output=True, text=True, timeout=PATIENCE)
    return shown.stdout


def commands(*above):
    """Every command that does something, with its help."""
    text = help_of(*above)
    listed = re.search(r"^Commands:\n((?:  .*\n|\n)+)", text, re.MULTILINE)
    if not listed:
        return [(above, text)]
    names = [name for name in re.findall(r"^  ([a-z][a-z-]*)", listed[1], re.MULTILINE) if name != "help"]
    return [found for name in names for found in commands(*above, name)]


def arguments_of(command, text, of):
    """Arguments for a command by its usage; `of` gives the value for the name of one."""
    words = " ".join(command)
    if words in BEGINNINGS:
        return BEGINNINGS[words]
    usage = re.search(r"^Usage: keyfront (.*)$", text, re.MULTILINE)[1].removeprefix(words)
    usage = re.sub(r"<(--[a-z-]+ <[A-Z_]+>)\|.*?>(?= |$)", r"\1", usage)
    given = []
    for option, required, optional in re.findall(r"(--[a-z-]+ )?<([A-Z_]+)>|\[([A-Z_]+)\]", usage):
        if optional and optional != "OPTIONS":
            required = optional
        if required:
            given += ([option.strip()] if option else []) + [of(words, required)]
    return given


@pytest.fixture(scope="module")
def every_command():
    found = commands()
    assert len(found) > 80, found
    return [(command, text) for command, text in found if " ".join(command) not in LEFT_OUT]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files of every kind that a command takes, whose contents are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    pairs = {"data": [{"key": JSON_TEXT, "value": JSON_TEXT}]}
    (folder / "pairs.json").write_text(json.dumps(pairs))
    said = json.dumps(JSON_TEXT)
    (folder / "function.js").write_text(
        f"function handler(event) {{ console.log({said}); event.request.headers.x = {{value: {said}}}; throw new Error({said}); }}"
    )
    (folder / "template.yaml").write_text(json.dumps({"Resources": {"A": {"Type": JSON_TEXT, "Properties": {JSON_TEXT: 1}}}}))
    (folder / "distribution.json").write_text(json.dumps({"CallerReference": JSON_TEXT, JSON_TEXT: JSON_TEXT}))
    (folder / "raw").write_bytes(JSON_TEXT.encode())
    return folder


def hostile(_command, _name):
    return "n\x1b[2J\x9b\u202e\u200b\x7f"


def harmless(command, name):
    """Arguments that let a command get as far as the server's answer."""
    family = command.split()[0]
    if name in ("FILE", "TEMPLATE", "FOLDER", "BACKUP", "DIR"):
        files = {"kvs": "pairs.json", "fn": "function.js", "cfn": "template.yaml", "distributions": "distribution.json"}
        if name == "FILE" or family == "cfn":
            return files.get(family, "raw")
        return command.replace(" ", "-")
    special = {"URL": "http://www.example.com/a", "PATH": "/a", "ID": "K1", "RULE": "PutKey=throttle", "SHELL": "bash"}
    special |= {"COMMAND": "true", "ARGUMENTS": "--version", "ACCOUNT": "000000000000", "PATTERN": "a"}
    return special.get(name, "name")


def assert_harmless(shown):
    for call, text in shown:
        found = OBEYED.search(text)
        assert not found, f"{call}: {text[max(0, found.start() - 200):found.end() + 20]!r}"


def run_all(every_command, folder, of, **environment):
    calls = []
    for command, text in every_command:
        arguments = arguments_of(command, text, of)
        calls.append([*command, *arguments])
        if "--output" in text:
            calls.append([*command, "--output", "json", *arguments])
    with ThreadPoolExecutor(3) as pool:
        return list(zip(calls, pool.map(lambda call: run(call, folder, **environment), calls)))


def test_what_a_person_gives_a_command_comes_back_escaped(every_command, folder):
    shown = run_all(every_command, folder, hostile, KEYFRONT_ENDPOINT="http://127.0.0.1:9")
    assert_harmless(shown)
    # It does come back: most commands say what they refuse.
    assert sum(r"\u{1b}" in text or r"\u001b" in text for _call, text in shown) > 30


@pytest.mark.parametrize("mode", ["success", "error", "noise"])
def test_what_a_server_answers_comes_out_escaped(every_command, folder, mode):
    server = Hostile()
    server.mode = mode
    try:
        endpoints = {name: server.url for name in ("KEYFRONT_ENDPOINT", "KEYFRONT_ADMIN_URL", "AWS_ENDPOINT_URL")}
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
        admin = {"KEYFRONT_ADMIN": server.url.removeprefix("http://"), "KEYFRONT_ADMIN_TOKEN": "test"}
        shown = run_all(every_command, folder, harmless, **endpoints, **keys, **admin)
    finally:
        server.close()
    assert_harmless(shown)
    reached = sum("u{202e}" in text or "u202e" in text for _call, text in shown)
    assert reached > (5 if mode == "noise" else 20), reached


def test_json_stays_json(folder):
    """Escapes of JSON, so that a program reads what was there."""
    server = Hostile()
    try:
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "KEYFRONT_ENDPOINT": server.url}
        shown = run(["kvs", "list", "--output", "json"], folder, **keys)
    finally:
        server.close()
    assert_harmless([("kvs list", shown)])
    assert any("\x9b2J" in str(item) for item in json.loads(shown)[0].values()), shown


def test_into_a_pipe_goes_what_was_asked_for(folder):
    """A value and code are printed to the byte where no terminal is."""
    server = Hostile()
    try:
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "KEYFRONT_ENDPOINT": server.url}
        call = [BINARY, "fn", "get", "name"]
        code = subprocess.run(call, capture_output=True, timeout=PATIENCE, env=clean_environment(**keys))
    finally:
        server.close()
    assert code.stdout == JSON_TEXT.encode()
