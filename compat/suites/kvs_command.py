"""`keyfront kvs` as tests run it, and a proxy that is an endpoint without Keyfront's own operations, as AWS is."""

import contextlib
import dataclasses
import http.client
import json
import re
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from server import BINARY, PATIENCE, clean_environment

STORE_BYTES = 5 * 1024 * 1024


@dataclasses.dataclass
class Answer:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Kvs:
    """Runs `keyfront kvs` against one endpoint."""

    def __init__(self, endpoint, folder=None, **environment):
        self.endpoint, self.folder, self.environment = endpoint, folder, environment

    def command(self, *arguments):
        """The command, its environment and its folder, for a test that runs it in a way of its own."""
        return {
            "args": [BINARY, "kvs", *map(str, arguments)],
            "env": clean_environment(KEYFRONT_ENDPOINT=self.endpoint, **self.environment),
            "cwd": self.folder,
        }

    def start(self, *arguments, **more):
        """A process whose standard error can be read line by line."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            **{"stdin": subprocess.DEVNULL, "stdout": pipe, "stderr": pipe, "text": True, **more},
            **self.command(*arguments),
        )

    def run(self, *arguments, stdin="", timeout=PATIENCE * 4):
        """Runs it to its end, whatever that is, without a terminal."""
        answer = subprocess.run(
            **self.command(*arguments), input=stdin, capture_output=True, text=True, timeout=timeout
        )
        assert "panicked" not in answer.stderr, answer.stderr
        return Answer(answer.returncode, answer.stdout, answer.stderr)

    def ok(self, *arguments, **more):
        """Runs it; it must succeed. Its standard output."""
        answer = self.run(*arguments, **more)
        assert answer.code == 0, (arguments, answer)
        return answer.out

    def json(self, *arguments, code=0, **more):
        """Runs it with --output json; what it printed."""
        answer = self.run(*arguments, "--output", "json", **more)
        assert answer.code == code, (arguments, answer)
        return answer.json

    def fails(self, *arguments, code=1, **more):
        """Runs it; it must fail without a result. What it says."""
        answer = self.run(*arguments, **more)
        assert answer.code == code and answer.out == "", (arguments, answer)
        return answer.err

    def pairs(self, store):
        """All pairs of a store, by ls."""
        return {item["Key"]: item["Value"] for item in self.json("ls", store)}


def write_json(path, pairs):
    """A file of pairs as flat JSON."""
    path.write_text(json.dumps(pairs), encoding="utf-8")
    return path


DROP = "drop"
"""What a proxy's rule returns for: carry it out and close the connection without an answer."""


@dataclasses.dataclass
class Seen:
    """A request that came by: its operation, which one of that operation it is, its headers and its body."""

    operation: str
    number: int
    headers: dict
    body: bytes

    @property
    def pairs(self):
        """How many keys a write changes."""
        body = json.loads(self.body)
        return len(body.get("Puts") or []) + len(body.get("Deletes") or [])


def operation_of(method, target):
    path = urllib.parse.urlsplit(target).path
    store = re.fullmatch(r"(/keyfront)?/key-value-stores/[^/]+(/keys|/pairs)?(/.*)?", path)
    if store is None:
        return "control plane"
    own, list_, key = store.groups()
    if own:
        return {"GET": "ReadPairs", "POST": "WritePairs"}[method]
    if key:
        return {"GET": "GetKey", "PUT": "PutKey", "DELETE": "DeleteKey"}[method]
    return {"GET": "ListKeys", "POST": "UpdateKeys"}[method] if list_ else "DescribeKeyValueStore"


class Proxy:
    """Sends every request on as it is, so that signatures hold, and says what came by.

    Without `extension` it does not know Keyfront's own operations. A test sets `rule`, which is asked about each
    request before it is sent on and may return None, DROP, or a status with a body to answer instead.
    """

    def __init__(self, server, extension=False):
        self.server, self.extension = server, extension
        self.rule = lambda seen: None
        self.seen = []
        self.failures = []
        self._lock = threading.Lock()
        self._listener = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._listener.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._listener.server_address[1]}"
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()

    def of(self, operation):
        """The requests of an operation, in order."""
        return [seen for seen in self.seen if seen.operation == operation]

    def close(self):
        self._listener.shutdown()
        self._listener.server_close()
        assert not self.failures, self.failures

    def _decide(self, method, path, headers, body):
        operation = operation_of(method, path)
        with self._lock:
            seen = Seen(operation, len(self.of(operation)) + 1, dict(headers), body)
            self.seen.append(seen)
        if operation in ("ReadPairs", "WritePairs") and not self.extension:
            return 404, b'{"Message":"there is no such operation"}', "UnknownOperationException"
        return self.rule(seen)

    def _send_on(self, method, path, headers, body):
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        with contextlib.closing(upstream):
            upstream.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                upstream.putheader(name, value)
            upstream.endheaders(body)
            answer = upstream.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def _handler(proxy):  # the handler's own `self` is another
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    decision = proxy._decide(self.command, self.path, self.headers, body)
                    if isinstance(decision, tuple):
                        status, body, code = decision
                        headers = [("x-amzn-ErrorType", code)] if code else []
                    else:
                        status, headers, body = proxy._send_on(
                            self.command, self.path, self.headers.items(), body
                        )
                except BaseException as failure:
                    proxy.failures.append(failure)
                    decision = DROP
                if decision == DROP:
                    self.close_connection = True
                    return
                self.send_response_only(status)
                for name, value in headers:
                    if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        return Handler


@contextlib.contextmanager
def proxied(server, **options):
    """A proxy for one test."""
    proxy = Proxy(server, **options)
    try:
        yield proxy
    finally:
        proxy.close()
