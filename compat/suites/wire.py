"""Requests by hand: signed with botocore's own signers, sent as the bytes that a test wants to see sent.

SDKs refuse or repair much of what a server must stand. Here a request is a value that a test may spoil
after signing, and nothing between it and the socket rewrites a path or a header.
"""

import contextlib
import dataclasses
import datetime
import http.client
import json
import socket
import urllib.parse
import xml.etree.ElementTree as ElementTree
from unittest import mock

import botocore.auth
import botocore.crt.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from server import ACCESS_KEY, ACCOUNT, REGION, SECRET_KEY

NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
STORES = "/2020-05-31/key-value-store"


class SigV4A(botocore.crt.auth.CrtSigV4AsymAuth):
    """botocore's signer as the Go SDK signs: the path is taken as it is sent, dot segments included."""

    _SHOULD_NORMALIZE_URI_PATH = False


@dataclasses.dataclass
class Request:
    """One HTTP/1.1 request; `target` is the request line's, verbatim."""

    method: str
    target: str
    host: str
    body: bytes = b""
    headers: dict = dataclasses.field(default_factory=dict)

    def signed(self, signer, credentials, service, region, at=None):
        """This request with the signature's headers, as of a moment if one is given."""
        path = self.target if self.target.startswith("/") else "/" + self.target.split("/", 3)[3]
        request = AWSRequest(self.method, f"http://{self.host}{path}", dict(self.headers), self.body)
        request.headers["Host"] = self.host
        with frozen(at):
            signer(credentials, service, region).add_auth(request)
        return dataclasses.replace(self, headers=dict(request.headers.items()))


@contextlib.contextmanager
def frozen(at):
    """botocore's clock, for requests of another time."""
    if at is None:
        yield
        return

    def now(remove_tzinfo=True):
        return at.replace(tzinfo=None) if remove_tzinfo else at

    with (
        mock.patch("botocore.auth.get_current_datetime", now),
        mock.patch("botocore.crt.auth.get_current_datetime", now),
    ):
        yield


def minutes_from_now(minutes):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    def control_error(self):
        """Code and message of a control-plane error, whose form is checked on the way."""
        root = ElementTree.fromstring(self.body)
        assert root.tag == f"{{{NAMESPACE}}}ErrorResponse", self.text
        assert [child.tag.partition("}")[2] for child in root] == ["Error", "RequestId"], self.text
        field = {child.tag.partition("}")[2]: child.text or "" for child in root[0]}
        assert field["Type"] == ("Receiver" if self.status >= 500 else "Sender")
        assert root[1].text == self.headers["x-amzn-RequestId"]
        assert self.headers["Content-Type"].startswith("text/xml")
        return field["Code"], field["Message"]

    def data_error(self):
        """Code and message of a data-plane error, whose form is checked on the way."""
        assert self.headers["Content-Type"].startswith("application/"), self.headers
        assert self.headers["x-amzn-RequestId"]
        return self.headers["x-amzn-ErrorType"], self.json["Message"]


class Wire:
    """Sends requests to one server."""

    def __init__(self, server):
        self.port = server.port
        self.control_host = f"localhost:{self.port}"
        self.data_host = f"{ACCOUNT}.localhost:{self.port}"

    def control(self, method, target, body=b"", headers=None, **signing):
        """A request to the control plane, signed with SigV4."""
        request = Request(method, target, self.control_host, as_bytes(body), headers or {})
        return sign_v4(request, **signing)

    def data(self, method, target, body=b"", headers=None, **signing):
        """A request to the data plane, signed with SigV4A."""
        request = Request(method, target, self.data_host, as_bytes(body), headers or {})
        return sign_v4a(request, **signing)

    def send(self, request):
        """Sends it on a connection of its own and reads the answer."""
        with self.connect() as connection:
            connection.sendall(encode(request))
            return read_answer(connection, request.method)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)


def sign_v4(request, *, access_key=ACCESS_KEY, secret=SECRET_KEY, service="cloudfront", region=REGION, at=None):
    credentials = Credentials(access_key, secret)
    return request.signed(botocore.auth.SigV4Auth, credentials, service, region, at)


def sign_v4a(
    request, *, access_key=ACCESS_KEY, secret=SECRET_KEY, service="cloudfront-keyvaluestore", region="*", at=None
):
    return request.signed(SigV4A, Credentials(access_key, secret), service, region, at)


def encode(request):
    headers = {"Host": request.host, **request.headers}
    headers = {name.title(): value for name, value in headers.items()}
    if request.body or request.method in ("POST", "PUT"):
        headers.setdefault("Content-Length", str(len(request.body)))
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + request.body


def read_answer(connection, method="GET"):
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    return Answer(response.status, response.headers, response.read())


def as_bytes(body):
    return body.encode() if isinstance(body, str) else body


def label(text):
    """A path label as the SDKs encode it: everything but unreserved characters."""
    return urllib.parse.quote(text, safe="-_.~")


def store_path(arn):
    return f"/key-value-stores/{label(arn)}"


def keys_path(arn, key=None):
    path = f"{store_path(arn)}/keys"
    return path if key is None else f"{path}/{label(key)}"
