"""A proxy between a client and the server, in which a test can act between two requests.

It passes on every request and answer byte for byte, as they came: the target in either form, Host and
signature included.
"""

import contextlib
import dataclasses
import json
import re
import socket
import socketserver
import threading

from server import PATIENCE

LENGTH = re.compile(rb"^content-length:\s*(\d+)\s*$", re.IGNORECASE | re.MULTILINE)


@dataclasses.dataclass
class Passed:
    """A request that passes: `path` is the target without scheme and host, and without the query."""

    method: str
    path: str
    body: bytes

    @property
    def updates_keys(self):
        return self.method == "POST" and self.path.startswith("/key-value-stores/") and self.path.endswith("/keys")


class Gateway(socketserver.ThreadingTCPServer):
    """Stands in for the server: `endpoint` is what a client is given. It remembers what passed.

    `before` is called with each request before the server sees it.
    """

    daemon_threads = True

    def __init__(self, server):
        super().__init__(("127.0.0.1", 0), Connection)
        self.upstream = ("127.0.0.1", server.port)
        self.endpoint = f"http://127.0.0.1:{self.server_address[1]}"
        self.passed, self.before = [], lambda request: None
        # One request after the other, so that what a test does in between is in between.
        self.turn = threading.Lock()

    def batches(self):
        """What the UpdateKeys requests since the last call asked for: how many Puts and Deletes, in order."""
        with self.turn:
            bodies = [json.loads(request.body) for request in self.passed if request.updates_keys]
            self.passed.clear()
        return [(len(body.get("Puts", [])), len(body.get("Deletes", []))) for body in bodies]


class Connection(socketserver.StreamRequestHandler):
    """One connection of a client, and one to the server for it."""

    timeout = PATIENCE

    def handle(self):
        with socket.create_connection(self.server.upstream, timeout=PATIENCE) as upstream:
            answers = upstream.makefile("rb")
            # A client that is done, or that waits longer than a test does, ends the loop.
            with contextlib.suppress(OSError):
                while message := read_message(self.rfile):
                    with self.server.turn:
                        request = parsed(message)
                        self.server.passed.append(request)
                        self.server.before(request)
                        upstream.sendall(message)
                        answer = read_message(answers)
                    self.wfile.write(answer)


def read_message(stream):
    """One request or answer with its body, or nothing at the end of the stream."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return b""
        head += line
    assert b"\r\ntransfer-encoding:" not in head.lower(), "chunked bodies do not occur between these two"
    length = LENGTH.search(head)
    return head + (stream.read(int(length[1])) if length else b"")


def parsed(message):
    head, _, body = message.partition(b"\r\n\r\n")
    method, target, _ = head.partition(b"\r\n")[0].decode("ascii").split(" ")
    path = re.sub(r"^http://[^/]*", "", target).partition("?")[0]
    return Passed(method, path, body)


@contextlib.contextmanager
def gateway_to(server):
    with Gateway(server) as gateway:
        thread = threading.Thread(target=gateway.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield gateway
        finally:
            gateway.shutdown()
            thread.join()
