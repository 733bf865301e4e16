"""Documents whose commands are run: what they show is what happens.

A document is read from top to bottom in a folder of its own, beside a server on free ports.

- A fenced block after a line that is only `name`: in code style is a file of that name.
- In a ```console block, lines that begin with "$ " are commands, and what follows is their output, where …
  stands for any text and a line that is only … for any lines. A command is continued after a \\ at its end.
- `keyfront dev …` and `keyfront serve …` start a server in the place of the one before it, with these arguments. An
  output that ends with the line `ready …` is what it says at its start; any other is of a server that does not start.
  Those with `--detach` or `--stop` are commands like any other.
- A command with a comment behind it that begins with "takes" or "needs" is left out: `# takes half an hour`.
- `examples` is a copy of this repository's.

An output that is one id or one ARN stands for the one that was made, and so does an access key id anywhere in an
output; further down it means that one. The addresses of the usual ports, in files, commands and outputs, are those of
the document's own server, and so is any address after `listen =` in a file. 127.0.0.1:3000 is where a document has an
application of its own. A process whose id is in a file `….pid` ends with the document.
"""

import contextlib
import dataclasses
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import server as keyfront

API = "127.0.0.1:4700"
ADMIN = "127.0.0.1:4701"
EDGE = "127.0.0.1:4702"
EDGE_TLS = "127.0.0.1:4743"
SITES, SITES_TLS = ".localhost:4702", ".localhost:4743"
APPLICATION = "127.0.0.1:3000"
FREE_PORT = ("--listen", "127.0.0.1:0")
LISTEN = re.compile(r'^listen = "([^"]+)"$', re.MULTILINE)
SERVER = re.compile(r"(?:keyfront|cargo run --release --) (dev|serve)\b(?!.* --(?:detach|stop))\s*(.*)")
LEFT_OUT = re.compile(r"\s# (?:takes|needs) .*$")
ACCESS_KEY = re.compile(r"AKIA[A-Z0-9]{16}")
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
FENCE = re.compile(r"^```(\w*)\s*$")
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ID = re.compile(rf"(?:arn:aws:cloudfront::\d{{12}}:[a-z-]+/)?(?:{UUID}|[A-Z][A-Z0-9]{{11,14}})")
VARIABLE = re.compile(r"([A-Z_]+)=(\S+)")
FILE = re.compile(r"^`([^`]+)`:$")


@dataclasses.dataclass
class File:
    name: str
    text: str


@dataclasses.dataclass
class Command:
    line: int
    text: str
    output: list

    @property
    def left_out(self):
        """Whether it needs what a test does not have."""
        return bool(LEFT_OUT.search(self.text))


def free_port():
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def read(path):
    """The files and commands of a document, in order."""
    steps = []
    block, kind, name, start = None, None, None, 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if block is not None and line == "```":
            if kind == "console":
                steps += commands(block, start)
            elif name:
                steps.append(File(name, "\n".join(block) + "\n"))
            block, name = None, None
        elif block is not None:
            block.append(line)
        elif fence:
            block, kind, start = [], fence[1], number + 1
        elif line.strip():
            named = FILE.match(line)
            name = named[1] if named else None
    assert block is None, f"{path}: a block that begins at line {start - 1} has no end"
    return steps


def commands(lines, start):
    found = []
    continued = False
    for number, line in enumerate(lines, start):
        if continued:
            found[-1].text += "\n" + line
        elif line.startswith("$ "):
            found.append(Command(number, line[2:], []))
        else:
            assert found, f"line {number}: a console block begins with a command"
            found[-1].output.append(line)
            continue
        continued = line.endswith("\\")
    return found


def pattern(expected, known=()):
    """A regular expression for the whole output. A group is an access key id of the document that is not known yet."""
    parts = []
    for line in expected:
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            escaped = ".*".join(re.escape(part) for part in line.rstrip().split("…"))
            parts.append(escaped + r"\n")
    seen = set()

    def group(key):
        name = key[0]
        if name in known:
            return name
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{ACCESS_KEY.pattern})"

    return re.compile(ACCESS_KEY.sub(group, "".join(parts)))


class Session:
    """A folder, a server, and a shell for each command."""

    def __init__(self, folder, settings=None):
        self.folder = folder / "project"
        self.folder.mkdir()
        ignored = shutil.ignore_patterns("node_modules", "__pycache__", "keyfront.log")
        shutil.copytree(keyfront.ROOT / "examples", self.folder / "examples", ignore=ignored)
        self.logs = folder
        self.settings = settings
        self.server = None
        programs = folder / "bin"
        programs.mkdir()
        (programs / "keyfront").symlink_to(keyfront.BINARY)
        # The address of the document's server, as the document has it.
        self.listen = API
        self.application = f"127.0.0.1:{free_port()}"
        # Ids in the document, and those that were made in their place.
        self.made = {}
        # What `NAME=value` set in the reader's shell.
        self.variables = {}
        self.path = [programs, Path(sys.executable).parent]

    def start(self, command="dev", arguments="--ephemeral"):
        """Starts a server, as `keyfront dev` or another command with these arguments would be."""
        self.stop()
        log = self.logs / "keyfront.log"
        log.unlink(missing_ok=True)
        free = (*FREE_PORT, "--ca-folder", str(self.logs / "ca")) if command == "dev" else ()
        self.server = keyfront.Server(log, command, *free, *shlex.split(arguments), folder=self.folder)

    def stop(self):
        if self.server:
            assert self.server.stop() == 0, self.server.log
            self.server = None

    def addresses(self):
        """The addresses in the document, and those that are meant."""
        own = {APPLICATION: self.application}
        if not self.server:
            return own
        own |= {self.listen: self.server.endpoint.partition("://")[2]}
        admin = re.search(r"http://(\S+)/health", self.server.log)
        own |= {ADMIN: admin[1]} if admin else {}
        usual = [(EDGE, SITES), (EDGE_TLS, SITES_TLS)]
        for (edge, sites), url in zip(usual, self.server.edges, strict=False):
            own |= {edge: url.partition("://")[2], sites: f".localhost:{url.rpartition(':')[2]}"}
        return own

    def to_own(self, text):
        for usual, own in {**self.addresses(), **self.made}.items():
            text = text.replace(usual, own)
        return text

    def to_usual(self, text):
        for usual, own in {**self.addresses(), **self.made}.items():
            text = text.replace(own, usual)
        return text

    def environment(self):
        own = self.addresses()
        more = {
            "PATH": ":".join(map(str, self.path)) + ":" + os.environ["PATH"],
            "HOME": str(self.logs),
            "CHECKPOINT_DISABLE": "1",
            "COLUMNS": "100",
            "KEYFRONT_CA_FOLDER": str(self.logs / "ca"),
        }
        if self.server:
            more["KEYFRONT_ENDPOINT"] = self.server.endpoint
        if ADMIN in own:
            more["KEYFRONT_ADMIN"] = own[ADMIN]
        more |= self.variables
        if self.settings:
            more["TF_CLI_CONFIG_FILE"] = str(self.settings)
        return keyfront.clean_environment(**more)

    def do(self, step):
        """Writes a file, or runs a command and compares."""
        if isinstance(step, File):
            path = self.folder / step.name
            path.parent.mkdir(parents=True, exist_ok=True)
            for address in LISTEN.findall(step.text)[:1]:
                self.listen = address
            path.write_text(LISTEN.sub('listen = "127.0.0.1:0"', self.to_own(step.text)))
            return
        command = self.to_own(step.text)
        server = SERVER.fullmatch(step.text)
        if server:
            starts = not step.output or step.output[-1].startswith("ready ")
            arguments = self.to_own(server[2])
            if starts:
                arguments = self.to_own(server[2].replace(EDGE_TLS, "127.0.0.1:0"))
                self.start(server[1], arguments or "--data .keyfront")
                if step.output:
                    addresses = [f"edge {edge}\n" for edge in self.server.edges]
                    said = self.server.log + "".join(addresses) + f"ready {self.server.endpoint}\n"
                    self.compare(step, said.replace(f" --endpoint {self.server.endpoint}", ""))
                return
            command += " " + shlex.join(FREE_PORT)
        variable = VARIABLE.fullmatch(step.text)
        if variable:
            self.variables[variable[1]] = self.to_own(variable[2])
            return
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=keyfront.PATIENCE * 9,
        )
        if len(step.output) == 1 and ID.fullmatch(step.output[0]) and ID.fullmatch(ran.stdout.strip()):
            self.made[step.output[0]] = ran.stdout.strip()
        self.compare(step, ran.stdout, f"exit code {ran.returncode}; ")

    def compare(self, step, text, ending=""):
        """What a command printed with what the document shows."""
        printed = [line.rstrip() for line in ANSI.sub("", self.to_usual(text)).splitlines()]
        text = "".join(line + "\n" for line in printed)
        matched = pattern(step.output, self.made).fullmatch(text)
        assert matched, (
            f"line {step.line}: $ {step.text}\n{ending}it printed\n{text}\nand not\n" + "\n".join(step.output)
        )
        self.made |= matched.groupdict()

    def close(self):
        if self.server and self.server.process.poll() is None:
            self.server.kill()
        for file in self.folder.glob("*.pid"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(file.read_text()), signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)
