"""A server with an edge, an origin behind it, and viewers in front of it.

The origin is a small web server on a free port that every name of `NAMES` leads to. A test says what it answers to
which path, and sees what it was asked. Viewers send what a test writes and get the answer as it came: they follow no
redirect and ask for no compression by themselves.
"""

import contextlib
import dataclasses
import http.client
import http.server
import itertools
import json
import socket
import threading

import clients
import distributions
from clients import wait_for
from distributions import counted, server_origin
from server import PATIENCE

# Domain names of origins that lead to the one web server, which tells them apart by Host.
NAMES = ["origin.example.com", "spare.example.com", "other.example.com"]
# The domain name of an origin that takes no connections.
DEAD = "dead.example.com"
BUCKET = "pages"

_paths = itertools.count(1)


def unique_path(stem="page"):
    return f"/{stem}-{next(_paths)}"


@dataclasses.dataclass
class Asked:
    """A request that reached the origin. Names of headers are in lower case."""

    method: str
    target: str
    headers: dict
    body: bytes


@dataclasses.dataclass
class Answer:
    """What the edge answers. Names of headers are in lower case; values of one name are joined."""

    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def cache(self):
        """The first word of X-Cache: Hit, Miss, Error."""
        return self.headers["x-cache"].split(" ")[0]

    @property
    def trace(self):
        return json.loads(self.headers["x-keyfront-trace"])


def page(body=b"page", **headers):
    """What an origin answers, with headers whose names have `_` for `-`."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda asked: (200, {"Content-Type": "text/plain", **headers}, body)


def joined(headers):
    """A dictionary of header lines. Set-Cookie alone must not be joined, and no test has two of them."""
    found = {}
    for name, value in headers:
        name = name.lower()
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


class Origin:
    """A web server. `pages` has what it answers by path: bytes, or a function that gets the request."""

    def __init__(self):
        self.pages, self.asked, self.lock = {}, [], threading.Lock()
        origin = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Without it an answer would wait for the acknowledgement of its head.
            disable_nagle_algorithm = True

            def handle_one_request(self):
                with contextlib.suppress(ConnectionError, TimeoutError, ValueError):
                    super().handle_one_request()

            def answer(self):
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                if self.headers.get("transfer-encoding") == "chunked":
                    while size := int(self.rfile.readline(), 16):
                        body += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                asked = Asked(self.command, self.path, joined(self.headers.items()), body)
                status, headers, body = origin.answer(asked)
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304 and not {"transfer-encoding", "content-length"} & {name.lower() for name in headers}:
                    self.send_header("Content-Length", len(body))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, asked):
        with self.lock:
            self.asked.append(asked)
        page = self.pages.get(asked.target.partition("?")[0], b"default page")
        page = page(asked) if callable(page) else page
        if isinstance(page, bytes):
            return 200, {"Content-Type": "text/plain"}, page
        return page

    def serve(self, page, path=None):
        """Answers with the page from now on, and gives its path."""
        path = path or unique_path()
        self.pages[path] = page
        return path

    def asked_for(self, path):
        """The requests for a path, whatever their query."""
        with self.lock:
            return [asked for asked in self.asked if asked.target.partition("?")[0] == path]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Site:
    """A distribution, as viewers reach it."""

    def __init__(self, edge, distribution):
        self.edge, self.id, self.domain = edge, distribution["Id"], distribution["DomainName"]

    def url(self, path):
        return f"http://{self.domain}{path}"

    def send(self, method, path, headers=None, body=None, host=None):
        return self.edge.send(method, path, {"Host": host or self.domain, **(headers or {})}, body)

    def get(self, path, headers=None, host=None):
        return self.send("GET", path, headers, host=host)

    def update(self, **changes):
        """Changes the configuration. It is in force when this returns."""
        control = self.edge.control
        held = control.get_distribution_config(Id=self.id)
        config = distributions.changed(held["DistributionConfig"], **changes)
        control.update_distribution(Id=self.id, IfMatch=held["ETag"], DistributionConfig=config)

    def invalidate(self, *paths):
        batch = {"Paths": counted(*paths), "CallerReference": clients.unique_name("invalidation")}
        return self.edge.control.create_invalidation(DistributionId=self.id, InvalidationBatch=batch)["Invalidation"]


class Edge:
    """A server, its origin, and clients of its API."""

    def __init__(self, server, origin, bucket):
        self.server, self.origin, self.bucket = server, origin, bucket
        self.control = clients.client(server, "cloudfront")
        self.data = clients.client(server, "cloudfront-keyvaluestore")
        self.address = server.edges[0].partition("://")[2]
        self.host, _, port = self.address.rpartition(":")
        self.port = int(port)

    def send(self, method, target, headers, body=None):
        """One request on a connection of its own, with exactly these headers and a length if there is a body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            if body is not None and "Transfer-Encoding" not in headers:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, joined(answer.getheaders()), answer.read())

    def connection(self):
        """A connection on which a test writes bytes of its own."""
        return socket.create_connection((self.host, self.port), timeout=PATIENCE)

    def new_site(self, **config):
        """A distribution with the origin, as soon as viewers reach it."""
        return self.served(distributions.new_distribution(self.control, **{**ORIGINS, **config})["Distribution"])

    def served(self, distribution):
        site = Site(self, distribution)
        # No behavior allows this method: no origin is asked, and nothing is cached.
        probe = lambda: site.send("PROPFIND", "/", {"x-keyfront-trace": "1"}).trace.get("distribution")
        wait_for(probe, f"{site.domain} is not served", 10)
        return site


def http_origin(name="site", **more):
    """An origin that is asked over HTTP."""
    custom = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only",
              "OriginSslProtocols": counted("TLSv1.2"), **more.pop("custom", {})}
    return server_origin(name, CustomOriginConfig=custom, **more)


ORIGINS = {"Origins": counted(http_origin())}


def arguments(origin, bucket, further):
    """What a server is started with, for its edge to reach the origin, the folder of the bucket, and further ones."""
    mapped = [("--origin", f"{name}={origin.url}") for name in NAMES]
    mapped += [("--origin", f"{name}={url}") for name, url in further.items()]
    # The discard port: no machine of a developer or a build has a server there.
    mapped += [("--origin", f"{DEAD}=http://127.0.0.1:9")]
    mapped += [("--origin", f"{BUCKET}.s3.us-east-1.amazonaws.com={bucket}")]
    return [argument for pair in mapped for argument in pair]
