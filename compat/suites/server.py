"""A Keyfront process of the tests' own: the built binary on a free port, with its own data folder."""

import os
import queue
import re
import signal
import subprocess
import threading
from pathlib import Path

ACCOUNT = "000000000000"
ACCESS_KEY = "test"
SECRET_KEY = "test"
REGION = "us-east-1"

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("KEYFRONT_BIN", ROOT / "target/release/keyfront"))

# Whether it is a release build: what another one takes of time and memory says nothing of what users get.
IS_RELEASE = "debug" not in BINARY.parts

# How long a start or a stop may take before it counts as failed.
PATIENCE = 20

# What a child process must not inherit: it would send the tests somewhere else.
FOREIGN = re.compile(r"^(AWS_.*|(https?|no|all)_proxy|NODE_OPTIONS|TF_.*)$", re.IGNORECASE)


def clean_environment(**extra):
    """This process's environment without what would lead an AWS client elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    # Whatever profile the person at this machine has, the tests do not use it.
    no_profile = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    # What `keyfront exec` keeps for Node is not left in that person's own folder.
    own_cache = {"XDG_CACHE_HOME": str(ROOT / "target/cache")}
    return {**kept, **no_profile, **own_cache, **extra}


class Server:
    """One run of the binary. `log` is its standard error, for the message of a failed test.

    `within` is the beginning of a command that runs it elsewhere, such as on a machine of a `network`.
    """

    def __init__(self, log_path, *arguments, folder=None, within=()):
        self.log_path = log_path
        with open(log_path, "ab") as log:
            self.process = subprocess.Popen(
                [*within, BINARY, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                env=clean_environment(),
                cwd=folder,
                text=True,
            )
        self.lines = queue.Queue()
        # Where viewers of distributions are answered: over HTTP, and over HTTPS if it was asked for.
        self.edges = []
        # Further addresses that an edge in a process of its own announces, by what they are.
        self.announced = {}
        threading.Thread(target=self._read_stdout, daemon=True).start()
        try:
            self.endpoint = self._wait_until_ready()
        except AssertionError:
            self.kill()
            raise
        self.port = int(self.endpoint.rpartition(":")[2])

    def _read_stdout(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def _wait_until_ready(self):
        while True:
            try:
                line = self.lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise AssertionError(f"no ready line in {PATIENCE} s; its log:\n{self.log}") from None
            said = re.fullmatch(r"(ready|edge|relay|admin) (https?://\S+)", line or "")
            assert said, f"no `ready http://ADDRESS` but {line!r}; its log:\n{self.log}"
            if said[1] == "ready":
                return said[2]
            if said[1] == "edge":
                self.edges.append(said[2])
            else:
                self.announced[said[1]] = said[2]

    @property
    def log(self):
        return Path(self.log_path).read_text(errors="replace")

    @property
    def admin(self):
        """The address for health and metrics, which `keyfront dev` announces."""
        return re.search(r"(http://\S+)/health", self.log)[1]

    @property
    def cpu_seconds(self):
        """The processor time that it has taken so far, which a busy machine does not lengthen."""
        # After the closing parenthesis of the name: state is field 3 of proc(5), utime 14 and stime 15.
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Asks it to end, as a service manager does, and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)

    def kill(self):
        """Ends it as a power cut would, as far as a process can be."""
        self.process.kill()
        self.process.wait(timeout=PATIENCE)


def dev(folder, *arguments):
    """`keyfront dev` on a free port. Without `--data` in the arguments it keeps nothing."""
    storage = () if "--data" in arguments else ("--ephemeral",)
    return Server(folder / "keyfront.log", "dev", "--listen", "127.0.0.1:0", *storage, *arguments)


def run_with(server, command, *, environment=None, folder=None, timeout=PATIENCE * 6):
    """Runs a command under `keyfront exec`, the way a user points an untouched program at Keyfront."""
    return subprocess.run(
        [BINARY, "exec", "--endpoint", server.endpoint, "--", *map(str, command)],
        env=clean_environment(**(environment or {})),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
