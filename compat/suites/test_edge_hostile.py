"""Viewers that mean no good: what they send reaches no origin as something else, and no other viewer."""

import re
import socket
import time

import pytest

from clients import wait_for
from distributions import CACHING_DISABLED, behavior, counted
from edge import unique_path

ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_METHODS = {
    **counted("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"), "CachedMethods": counted("GET", "HEAD"),
}
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")

SETTINGS = """
[edge]
header_timeout_seconds = 2
read_timeout_seconds = 2
"""


@pytest.fixture(scope="module")
def site(edge):
    """Everything a viewer sends is passed on, as far as the edge lets it."""
    return edge.new_site(
        DefaultCacheBehavior=behavior(
            AllowedMethods=ALL_METHODS, CachePolicyId=CACHING_DISABLED, OriginRequestPolicyId=ALL_VIEWER
        )
    )


@pytest.fixture(scope="module")
def cached(edge):
    return edge.new_site()


def raw(edge, data, wait=3.0):
    """Everything that comes back for these bytes until the edge closes, or is silent for a while."""
    with edge.connection() as connection:
        connection.settimeout(wait)
        received = b""
        try:
            connection.sendall(data)
            while part := connection.recv(65_536):
                received += part
        except (TimeoutError, ConnectionError):
            pass
        return received


def request(site, *lines, method="POST", path="/", body=b""):
    """A request as bytes. `{host}` is not asked for: each has the site's Host, then these lines."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {site.domain}", *lines]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def statuses(answer):
    return [int(status) for status in STATUS.findall(answer)]


# A request that hides in the body of another, for a server that reads the length differently.
def hidden(path):
    return f"GET {path} HTTP/1.1\r\nHost: hidden.example\r\n\r\n".encode()


@pytest.mark.parametrize("lines", [
    # RFC 9112, 6.3 and 11.2: a request with both is an attempt at smuggling.
    ("Content-Length: {length}", "Transfer-Encoding: chunked"),
    ("Transfer-Encoding: chunked", "Content-Length: {length}"),
    ("Content-Length: 0", "Content-Length: {length}"),
    ("Content-Length: 0, {length}",),
    ("Content-Length: +{length}",),
    ("Content-Length: 0x10",),
    ("Content-Length: -1",),
    ("Content-Length: {length} ", "Content-Length: 1"),
    ("Transfer-Encoding: chunked, identity",),
    ("Transfer-Encoding: xchunked",),
    ("Transfer-Encoding: identity",),
    ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
    ("Transfer-Encoding : chunked",),
    ("Content-Length : {length}",),
    (" Transfer-Encoding: chunked",),
    ("X: y\r\n Transfer-Encoding: chunked",),
    ("Transfer-Encoding: \x0bchunked",),
    ("X: y\rTransfer-Encoding: chunked",),
    ("X: y\nTransfer-Encoding: chunked", "Content-Length: {length}"),
    ("X\0: y",),
    ("X: a\0b",),
])
def test_no_request_hides_in_another(edge, site, lines):
    path = unique_path("hidden")
    body = b"0\r\n\r\n" + hidden(path)
    lines = [line.format(length=len(body)) for line in lines]
    answer = raw(edge, request(site, *lines, path=unique_path("outer"), body=body))
    seen = edge.origin.asked_for(path)
    # What follows may be a request of the viewer's own, to this edge and with its rules. An origin never sees it.
    assert not [asked for asked in seen if asked.headers["host"] == "hidden.example"], answer
    assert not seen
    assert statuses(answer)[:1] != [200] or b"hidden" not in answer


@pytest.mark.parametrize("chunks", [
    b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n", b"5\nhello\n0\n\n",
    b"-5\r\nhello\r\n0\r\n\r\n", b"0x5\r\nhello\r\n0\r\n\r\n", b"FFFFFFFFFFFFFFFFF\r\nhello",
    b"5\r\nhelloXX0\r\n\r\n", b"\r\n", b" 5\r\nhello\r\n0\r\n\r\n",
])
def test_a_body_in_broken_chunks_is_not_taken_for_a_whole_one(edge, site, chunks):
    path = unique_path()
    whole = []

    def answer(asked):
        whole.append(asked.body)
        return 200, {}, b"whole"

    edge.origin.serve(answer, path)
    found = raw(edge, request(site, "Transfer-Encoding: chunked", path=path, body=chunks), 6)
    assert 200 not in statuses(found) or whole == [b"hello"], (found, whole)


@pytest.mark.parametrize("first", [
    "GET /{path} HTTP/1.1 x", "GET  /{path} HTTP/1.1", "GET\t/{path} HTTP/1.1", "GET /{path}\0 HTTP/1.1",
    "GET /{path}",
    "GET /{path} HTTP/1.2.3", "GET /{path} HTTP/3.0", "G\x80T /{path} HTTP/1.1", "GET {path} HTTP/1.1",
    "GET * HTTP/1.1",
    "PRI * HTTP/2.0", " GET /{path} HTTP/1.1", "GET /a b/{path} HTTP/1.1", "GET /{path}#fragment HTTP/9.9",
])
def test_a_broken_request_line_reaches_no_origin(edge, site, first):
    path = unique_path()
    data = f"{first.format(path=path.lstrip('/'))}\r\nHost: {site.domain}\r\n\r\n".encode("latin-1")
    answer = raw(edge, data)
    assert not [status for status in statuses(answer) if status < 400]
    assert not edge.origin.asked_for(path)


def test_host_says_where_a_request_goes_and_nothing_else(edge, site, cached):
    path = edge.origin.serve(b"page")
    for lines, status in [
        ([f"GET {path} HTTP/1.1", f"Host: {site.domain}", "Host: other.example"], 400),
        ([f"GET {path} HTTP/1.1", f"Host: {site.domain}, other.example"], 403),
        ([f"GET {path} HTTP/1.1"], 400),
        ([f"GET {path} HTTP/1.1", "Host: "], 400),
        ([f"GET {path} HTTP/1.1", f"Host: user@{site.domain}"], None),
        ([f"GET {path} HTTP/1.1", "Host: evil.example", f"X-Forwarded-Host: {site.domain}"], 403),
        ([f"GET {path} HTTP/1.1", "Host: evil.example", f"Forwarded: host={site.domain}"], 403),
        ([f"GET http://evil.example{path} HTTP/1.1", f"Host: {site.domain}"], 403),
        # RFC 9112, 3.2.2: the target's authority counts, and Host is ignored.
        ([f"GET http://{site.domain}{path} HTTP/1.1", "Host: evil.example"], 200),
        ([f"CONNECT {site.domain}:80 HTTP/1.1", f"Host: {site.domain}:80"], None),
    ]:
        answer = statuses(raw(edge, "\r\n".join([*lines, "", ""]).encode(), 1.0))[:1]
        assert answer == [status] if status else answer != [200], lines
    asked = edge.origin.asked_for(path)
    assert [request.headers["host"] for request in asked] == [site.domain]


def test_the_limits_of_urls_and_headers_are_awss(edge, site):
    # Quotas (AWS): a URL of 8,192 bytes, a request line and headers of 32,768 bytes.
    for path, headers, status in [
        ("/" + "a" * 8_191, [], 200), ("/" + "a" * 8_192, [], 414), ("/?" + "a" * 8_191, [], 414),
        ("/", ["X-Large: " + "a" * 20_000], 200), ("/", ["X-Large: " + "a" * 32_768], 494),
        ("/", [f"X-{number}: {'a' * 400}" for number in range(90)], 494),
        ("/" + "a" * 100_000, [], None), ("/", ["X-Large: " + "a" * 1_000_000], None),
        ("/", [f"X-{number}: a" for number in range(5_000)], None),
    ]:
        answer = raw(edge, request(site, *headers, method="GET", path=path), 2.0)
        found = statuses(answer)
        assert found[0] == status if status else (not found or found[0] in (400, 414, 431, 494)), (len(path), found)
        if status in (414, 494):
            assert re.search(rb"(?im)^connection: close\r$", answer)


@pytest.mark.parametrize("headers", [
    {"X-Forwarded-Host": "evil.example"}, {"X-Original-URL": "/admin"}, {"X-Rewrite-URL": "/admin"},
    {"X-HTTP-Method-Override": "DELETE"}, {"X-Forwarded-Scheme": "http"}, {"Forwarded": "host=evil.example"},
    {"CloudFront-Viewer-Country": "XX"}, {"CloudFront-Forwarded-Proto": "http"}, {"X-Forwarded-For": "1.2.3.4"},
    {"Range": "bytes=0-0"}, {"Origin": "https://evil.example"}, {"User-Agent": "evil"}, {"Cookie": "admin=1"},
    {"If-None-Match": "*"}, {"Authorization": "Basic eDp5"}, {"Accept-Encoding": "evil"}, {"Expect": "200-ok"},
    {"X-Amz-Cf-Id": "evil"}, {"Via": "1.1 evil"}, {"TE": "trailers"}, {"Connection": "close, Host"},
    {"Connection": "X-Amz-Cf-Id, Via"}, {"Content-Length": "0"}, {"Upgrade": "h2c", "Connection": "Upgrade"},
])
def test_what_is_not_in_the_key_does_not_poison_the_object(edge, cached, headers):
    def answer(asked):
        own = {"x-amz-cf-id", "via"}
        shown = sorted(f"{name}={value}" for name, value in asked.headers.items() if name not in own)
        return 200, {"Cache-Control": "max-age=60"}, "\n".join(shown).encode()

    path = edge.origin.serve(answer)
    first = cached.send("GET", path, headers)
    second = cached.get(path)
    assert second.status == 200
    if second.cache == "Miss":
        # The first was not kept, so it cannot do harm.
        assert first.status != 200
        return
    clean = cached.get(edge.origin.serve(answer))
    # X-Forwarded-For is extended by every proxy and is in no key; and where a viewer accepts nothing that is
    # compressed, the origin hears so (AWS), which is what not accepting anything means.
    own = ("x-forwarded-for=", "accept-encoding=identity")
    found, expected = (
        [line for line in answer.text.splitlines() if not line.startswith(own)] for answer in (second, clean)
    )
    assert found == expected


def test_a_hit_for_one_viewer_has_nothing_of_another(edge):
    # Cookies and Authorization reach an origin only where a policy names them; then they are in the key.
    site = edge.new_site()

    def answer(asked):
        return 200, {"Set-Cookie": "session=first", "X-Seen": str("cookie" in asked.headers)}, b""

    path = edge.origin.serve(answer)
    first, second = site.get(path, {"Cookie": "session=first"}), site.get(path)
    assert second.cache == "Hit"
    for answer in (first, second):
        assert "set-cookie" not in answer.headers and answer.headers["x-seen"] == "False"


def test_no_header_is_split(edge, site):
    path = edge.origin.serve(b"page")
    for target in [f"{path}?x=%0d%0aSet-Cookie:%20a=1", f"{path}%0d%0aX-Own:%20a"]:
        answer = site.get(target)
        assert "set-cookie" not in answer.headers and "x-own" not in answer.headers
    redirecting = edge.new_site(DefaultCacheBehavior=behavior(ViewerProtocolPolicy="redirect-to-https"))
    answer = redirecting.get("/%0d%0aSet-Cookie:%20a=1?%0a")
    assert answer.headers["location"].endswith("/%0d%0aSet-Cookie:%20a=1?%0a") and "set-cookie" not in answer.headers


def test_a_viewer_that_sends_slowly_is_given_up_on(edge, site):
    began = time.monotonic()
    with edge.connection() as connection:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {site.domain}\r\n".encode())
        connection.settimeout(20)
        # Headers without an end: closed after header_timeout_seconds, with 408 or without a word.
        received = b""
        while part := connection.recv(65_536):
            received += part
    assert 1 < time.monotonic() - began < 15
    assert statuses(received) in ([], [408], [400])


def test_slow_viewers_hold_no_other_viewer(edge, site):
    path = edge.origin.serve(b"x" * 4_000_000)
    slow = []
    try:
        for _ in range(20):
            connection = edge.connection()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(request(site, method="GET", path=path))
            slow.append(connection)
        for _ in range(20):
            connection = edge.connection()
            connection.sendall(b"GET / HT")
            slow.append(connection)
        quick = edge.origin.serve(b"quick")
        began = time.monotonic()
        for _ in range(20):
            assert site.get(quick).text == "quick"
        assert time.monotonic() - began < 10
    finally:
        for connection in slow:
            connection.close()
    wait_for(lambda: site.get(quick).status == 200, "the edge does not answer any more", 10)


def test_a_request_that_leads_in_a_circle_ends(edge):
    # RFC 8586: each pass adds an element. Distributions may be origins of others, so that some passes are allowed.
    site = edge.new_site()
    for passes, status in [(5, 200), (6, 400)]:
        path = edge.origin.serve(b"page")
        answer = site.get(path, {"CDN-Loop": ", ".join(["keyfront"] * passes)})
        assert (answer.status, len(edge.origin.asked_for(path))) == (status, int(status == 200)), passes
    assert "keyfront" in edge.origin.asked[-1].headers["cdn-loop"]
