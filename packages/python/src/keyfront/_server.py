"""A server of this process's own: `keyfront dev` on free ports, with everything in memory."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from keyfront import _clients, _faults
from keyfront._binary import find_binary

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_cloudfront_keyvaluestore import CloudFrontKeyValueStoreClient

ANY_PORT = "127.0.0.1:0"
# What leads an AWS client elsewhere, and what the server would take as its own options.
FOREIGN = ("AWS_", "KEYFRONT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
LOG_FILTER = "KEYFRONT_LOG"


class StartError(Exception):
    """The server did not start; the text is what it said."""


class AdminError(Exception):
    """The admin address refused a request. `status` is the one of HTTP; the text is the server's reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Server:
    """A server, from `start` to `stop`, or for a `with` block.

    It has the account 000000000000 and the credentials test/test. One server is one world: what one test changes,
    another one sees, unless a snapshot is restored between them.
    """

    #: The URL of the API, such as http://127.0.0.1:34567.
    endpoint: str
    #: The URL of health, metrics and the calls for tests.
    admin: str
    #: The URLs at which viewers are served: over HTTP, and over HTTPS with `--edge-tls`; none with `--no-edge`.
    edges: list[str]

    def __init__(
        self,
        *,
        seed: str | os.PathLike[str] | None = None,
        arguments: Sequence[str] = (),
        binary: str | os.PathLike[str] | None = None,
        log: str | os.PathLike[str] | None = None,
        timeout: float = 30,
    ) -> None:
        """`seed` is a folder as `keyfront dev --seed` takes it, and `arguments` are further ones of `keyfront dev`.

        What the server logs goes to the file `log`, or to a temporary one. `timeout`, in seconds, is how long a start
        or a stop may take.
        """
        self._seed = seed
        self._arguments = [str(argument) for argument in arguments]
        self._binary = binary
        self._log = Path(log) if log is not None else None
        self._own_log: tempfile.TemporaryDirectory[str] | None = None
        self._timeout = timeout
        self._process: subprocess.Popen[str] | None = None
        self._names = itertools.count(1)
        self._faults: list[_faults.Fault] = []

    # ---- its life

    def start(self) -> Server:
        """Starts it and waits until it answers. Raises StartError, or FileNotFoundError without the program."""
        if self._process is not None:
            raise RuntimeError("the server runs already")
        if self._log is None:
            self._own_log = tempfile.TemporaryDirectory(prefix="keyfront-")
            self._log = Path(self._own_log.name) / "server.log"
        command = [str(self._binary or find_binary()), "dev", "--ephemeral", "--listen", ANY_PORT, "--admin", ANY_PORT]
        # Its standard input ends with this process, however that ends.
        command.append("--exit-with-stdin")
        if self._seed is not None:
            command += ["--seed", os.fspath(self._seed)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=_own_environment(),
                text=True,
            )
        addresses = self._addresses()
        if not {"ready", "admin"} <= addresses.keys():
            said = self.log.strip() or "it ended or hung"
            self.stop()
            raise StartError(f"keyfront did not start: {said}")
        self.endpoint = addresses["ready"][0]
        self.admin = addresses["admin"][0]
        self.edges = addresses.get("edge", [])
        return self

    def stop(self) -> None:
        """Ends it; what it held is gone. To stop it again does nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()
        if self._own_log:
            self._own_log.cleanup()
            self._own_log = self._log = None

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def log(self) -> str:
        """What it has logged so far: a line for each request."""
        return self._log.read_text(errors="replace") if self._log and self._log.exists() else ""

    def _addresses(self) -> dict[str, list[str]]:
        """What it prints at its start: lines with a word and a URL, of which `admin` is the last."""
        stdout = self._process.stdout if self._process else None
        found: dict[str, list[str]] = {}

        def read(lines: Iterable[str]) -> None:
            for line in lines:
                word, _, url = line.strip().partition(" ")
                found.setdefault(word, []).append(url)
                if word == "admin":
                    return

        if stdout:
            reader = threading.Thread(target=read, args=[stdout], daemon=True)
            reader.start()
            reader.join(self._timeout)
        return found

    # ---- clients

    @overload
    def client(self, service: Literal["cloudfront"], **options: Any) -> CloudFrontClient: ...
    @overload
    def client(self, service: Literal["cloudfront-keyvaluestore"], **options: Any) -> CloudFrontKeyValueStoreClient: ...
    @overload
    def client(self, service: str, **options: Any) -> Any: ...
    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of this server; see `keyfront.client`."""
        return _clients.client(service, self.endpoint, **options)

    def variables(self) -> dict[str, str | None]:
        """The environment that points AWS clients at this server; None stands for a variable to remove."""
        changes: dict[str, str | None] = json.loads(self.run("env", "--json"))
        return changes

    @contextlib.contextmanager
    def environment(self) -> Iterator[None]:
        """Points the AWS clients that this process, or one that it starts, makes in the `with` block at this server."""
        changes = self.variables()
        before = {name: os.environ.get(name) for name in changes}
        try:
            _apply(changes)
            with _without_default_session():
                yield
        finally:
            _apply(before)

    def run(self, *arguments: str) -> str:
        """Runs a command of `keyfront` against this server and returns what it printed.

        Raises subprocess.CalledProcessError, whose `stderr` says why.
        """
        environment = _own_environment()
        environment["KEYFRONT_ENDPOINT"] = self.endpoint
        environment["KEYFRONT_ADMIN"] = self.admin.removeprefix("http://")
        command = [str(self._binary or find_binary()), *arguments]
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        ).stdout

    # ---- what it holds

    def seed(self, stores: Mapping[str, Mapping[str, str]]) -> None:
        """Makes stores of these names with these pairs. One that is there keeps its other pairs."""
        for name, pairs in stores.items():
            with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
                json.dump(dict(pairs), file, ensure_ascii=False)
                file.flush()
                self._fill(name, Path(file.name))

    def seed_folder(self, folder: str | os.PathLike[str]) -> None:
        """Makes the stores of a folder, one file for each, such as redirects.json or flags.csv."""
        files = sorted(file for file in Path(folder).iterdir() if not file.name.startswith((".", "README")))
        if not files:
            raise FileNotFoundError(f"{folder} has no file to make a store of")
        for file in files:
            self._fill(file.stem, file)

    def _fill(self, name: str, file: Path) -> None:
        listed: list[dict[str, Any]] = json.loads(self.run("kvs", "list", "--output", "json"))
        present = any(store["Name"] == name for store in listed)
        command = ("kvs", "sync", "--yes") if present else ("kvs", "create")
        try:
            self.run(*command, name, "--file", str(file))
        except subprocess.CalledProcessError as error:
            raise ValueError(f"the store {name} cannot be made of {file}: {error.stderr.strip()}") from None

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """After the `with` block the server holds what it held before it, and has no faults.

        ETags are those of the snapshot then and count on from there, so one from within the block can match a later
        state that is another one.
        """
        name = f"python-{next(self._names)}"
        self.save(name)
        try:
            yield
        finally:
            self.clear_faults()
            self.restore(name)
            self.request("DELETE", f"/snapshots/{name}")

    def save(self, name: str) -> None:
        """Saves what it holds, in place of an earlier snapshot of that name."""
        self.request("POST", f"/snapshots/{name}")

    def restore(self, name: str) -> None:
        """Undoes, in one step, all that changed since the snapshot was saved."""
        self.request("POST", f"/snapshots/{name}/restore")

    def reset(self) -> None:
        """Goes back to how the server began: empty, or with its seed."""
        self.request("POST", "/reset")

    # ---- faults

    def fault(self, operation: str, fault: str | None = None, **settings: Any) -> _faults.Fault:
        """Lets requests fail or be slow: `with server.fault("PutKey", "throttle", count=2):`.

        A whole rule does too: `server.fault("PutKey=drop,count=1")`. Faults and settings are those that
        `keyfront fault add --help` lists. Raises AdminError for a rule that is not understood.
        """
        found = _faults.Fault(self, self.request("POST", "/faults", _faults.rule(operation, fault, settings)))
        self._faults.append(found)
        return found

    def clear_faults(self) -> None:
        """Removes all faults."""
        for fault in self._faults:
            fault.remove()
        self._faults.clear()
        self.request("DELETE", "/faults")

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a request to the admin address and returns the JSON of its answer. Raises AdminError."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": "Bearer test"}
        request = urllib.request.Request(self.admin + path, content, headers, method=method)
        # The environment may name a proxy, which the admin address is not behind.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=self._timeout) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise AdminError(error.code, error.read().decode(errors="replace").strip()) from None
        return json.loads(text) if text else None


def _own_environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name == LOG_FILTER or not name.upper().startswith(FOREIGN)
    }


def _apply(changes: Mapping[str, str | None]) -> None:
    for name, value in changes.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextlib.contextmanager
def _without_default_session() -> Iterator[None]:
    """boto3 keeps the session of its first `boto3.client`, with credentials and profile of that moment."""
    try:
        import boto3
    except ImportError:
        yield
        return
    before = boto3.DEFAULT_SESSION
    boto3.DEFAULT_SESSION = None
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = before
