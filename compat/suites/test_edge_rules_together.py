"""Rules of the edge where two of them meet: framing, old viewers, ranges, times, logs."""

import gzip
import http.client
import json
import time
from email.utils import parsedate_to_datetime

import pytest

from clients import unique_name, wait_for
from distributions import CACHING_DISABLED, behavior, counted
from edge import DEAD, http_origin, page, unique_path
from test_edge_cache import keyed
from test_edge_functions import associated, site_with

SETTINGS = """
[edge.logs]
folder = "{folder}/logs"
complete_every_seconds = 1
"""
TEXT = b"a text that is long enough " * 100


def exchange(edge, lines):
    """Sends lines of HTTP/1 on a connection of their own, and gives the head and the body of what comes."""
    with edge.connection() as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while received := connection.recv(65536):
            answer += received
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode().lower().split("\r\n"), body


def has(head, name):
    return any(line.startswith(f"{name}:") for line in head)


@pytest.mark.parametrize("status, length", [(204, "2"), (204, None), (304, "0"), (304, None)])
def test_an_answer_without_a_body_has_no_length(edge, status, length):
    """RFC 9110 section 8.6."""
    site = edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=CACHING_DISABLED))
    path = edge.origin.serve(lambda asked: (status, {"Content-Length": length} if length else {}, b""))
    head, body = exchange(edge, [f"GET {path} HTTP/1.1", f"Host: {site.domain}", "Connection: close"])
    assert (head[0].split()[1], body) == (str(status), b"")
    assert not has(head, "content-length") and not has(head, "transfer-encoding")


@pytest.mark.parametrize("status", [204, 304])
def test_a_function_cannot_give_a_body_to_a_status_without_one(edge, status):
    code = f"function handler(event) {{ return {{ statusCode: {status}, body: 'some text' }}; }}"
    _, generating = associated(edge.control, code)
    site = site_with(edge, generating)
    head, body = exchange(edge, ["GET / HTTP/1.1", f"Host: {site.domain}", "Connection: close"])
    assert (head[0].split()[1], body) == (str(status), b"")
    assert not has(head, "content-length")


def test_a_viewer_with_http_1_0_gets_nothing_compressed(edge):
    """Serve compressed files (AWS), "Request uses HTTP 1.0"."""
    site = edge.new_site(DefaultCacheBehavior=behavior(Compress=True))
    path = edge.origin.serve(lambda asked: (200, {"Content-Type": "text/html"}, TEXT))
    assert site.get(path, {"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    for _ in range(2):
        lines = [f"GET {path} HTTP/1.0", f"Host: {site.domain}", "Accept-Encoding: gzip"]
        head, body = exchange(edge, lines)
        assert not has(head, "content-encoding") and body == TEXT
    assert [asked.headers.get("accept-encoding") for asked in edge.origin.asked_for(path)] == ["gzip", None]


def test_set_cookie_that_no_cache_names_is_for_the_first_viewer_alone(edge):
    """Cache content based on cookies (AWS), "Disable caching of Set-Cookie headers"."""
    cookies = {"CookieBehavior": "all"}
    site = edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=keyed(edge.control, CookiesConfig=cookies)))
    for control, kept in [('no-cache="Set-Cookie"', False), ("max-age=60", True)]:
        path = edge.origin.serve(page(Cache_Control=control, Set_Cookie="id=1"))
        first, second = site.get(path, {"Cookie": "a=1"}), site.get(path, {"Cookie": "a=1"})
        assert (first.cache, first.headers.get("set-cookie")) == ("Miss", "id=1")
        assert (second.cache, second.headers.get("set-cookie")) == ("Hit", "id=1" if kept else None)


def test_a_range_of_what_is_not_cached_is_the_origins_to_cut(edge):
    """How CloudFront processes partial requests for an object (AWS): "It returns the entire object"."""
    site = edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=CACHING_DISABLED))
    whole = edge.origin.serve(page(b"0123456789", ETag='"1"'))
    part = edge.origin.serve(lambda asked: (206, {"Content-Range": "bytes 2-4/10"}, b"234"))
    for path, expected in [(whole, (200, b"0123456789", None)), (part, (206, b"234", "bytes 2-4/10"))]:
        answer = site.get(path, {"Range": "bytes=2-4"})
        assert (answer.status, answer.body, answer.headers.get("content-range")) == expected
        assert edge.origin.asked_for(path)[-1].headers["range"] == "bytes=2-4"
    assert site.send("HEAD", whole, {"Range": "bytes=2-4"}).headers["content-length"] == "10"


def test_an_error_is_an_error_whatever_served_its_object(edge):
    """Standard logging reference (AWS): "`Error` – this means the request resulted in a client error"."""
    site = edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=keyed(edge.control)))

    def answer(asked):
        headers = {"ETag": '"1"', "Cache-Control": "no-cache"}
        return (304, headers, b"") if "if-none-match" in asked.headers else (200, headers, b"short")

    path = edge.origin.serve(answer)
    assert [site.get(path).cache for _ in range(2)] == ["Miss", "RefreshHit"]
    refused = site.get(path, {"Range": "bytes=100-"})
    assert (refused.status, refused.cache) == (416, "Error")


def test_a_transfer_coding_that_is_not_chunked_is_a_broken_answer(edge):
    """Request and response behavior for custom origins (AWS): "CloudFront supports only the chunked value"."""
    site = edge.new_site()
    coded = {"Transfer-Encoding": "gzip, chunked"}
    path = edge.origin.serve(lambda asked: (200, coded, b"4\r\n" + gzip.compress(b"x")[:4] + b"\r\n0\r\n\r\n"))
    assert (site.get(path).status, site.get(path).cache) == (502, "Error")


def test_server_timing_tells_what_the_origin_took(edge):
    """Understand response headers policies (AWS), "Server-Timing header metrics"."""
    timing = {"Enabled": True, "SamplingRate": 100.0}
    policy = edge.control.create_response_headers_policy(
        ResponseHeadersPolicyConfig={"Name": unique_name("timing"), "ServerTimingHeadersConfig": timing}
    )["ResponseHeadersPolicy"]["Id"]
    site = edge.new_site(DefaultCacheBehavior=behavior(ResponseHeadersPolicyId=policy))
    path = edge.origin.serve(page())

    def metrics():
        return [metric.split(";")[0] for metric in site.get(path).headers["server-timing"].split(",")]

    assert metrics() == [
        "cdn-upstream-layer", "cdn-upstream-dns", "cdn-upstream-connect", "cdn-upstream-fbl", "cdn-cache-miss",
        "cdn-pop", "cdn-rid", "cdn-downstream-fbl",
    ]
    assert metrics() == ["cdn-cache-hit", "cdn-pop", "cdn-rid", "cdn-hit-layer", "cdn-downstream-fbl"]


class Live:
    """A real-time log of a distribution's requests."""

    def __init__(self, edge, **config):
        stream = {
            "RoleARN": "arn:aws:iam::111122223333:role/logs",
            "StreamARN": "arn:aws:kinesis:us-east-1:111122223333:stream/logs",
        }
        self.name, self.folder = unique_name("live"), edge.bucket.parent / "logs"
        arn = edge.control.create_realtime_log_config(
            EndPoints=[{"StreamType": "Kinesis", "KinesisStreamConfig": stream}], Name=self.name, SamplingRate=100,
            Fields=[
                "cs-uri-stem", "origin-fbl", "origin-lbl", "x-edge-detailed-result-type", "x-edge-result-type",
                "x-edge-response-result-type",
            ],
        )["RealtimeLogConfig"]["ARN"]
        self.site = edge.new_site(DefaultCacheBehavior=behavior(RealtimeLogConfigArn=arn), **config)

    def records(self, path, count):
        """The records of the requests for a path, as soon as there are so many."""

        def records():
            lines = [line for file in self.folder.glob(f"realtime/{self.name}/*.jsonl") for line in file.open()]
            found = [record for record in map(json.loads, lines) if record["cs-uri-stem"] == path]
            return found if len(found) == count else None

        return wait_for(records, f"the records of {count} requests", 10)


def test_logs_tell_what_the_origin_took_and_that_head_was_answered_whole(edge):
    """Use real-time access logs (AWS): `origin-fbl`, `origin-lbl`, `x-edge-detailed-result-type`."""
    live = Live(edge)
    path = edge.origin.serve(page())
    for method in ["GET", "GET", "HEAD"]:
        live.site.send(method, path)
    miss, hit, head = live.records(path, 3)
    assert 0 <= float(miss["origin-fbl"]) <= float(miss["origin-lbl"])
    assert (hit["origin-fbl"], hit["origin-lbl"]) == ("-", "-")
    assert [record["x-edge-detailed-result-type"] for record in (miss, hit, head)] == ["Miss", "Hit", "Hit"]


def test_logs_tell_which_kind_of_error_an_origin_made(edge):
    """Standard logging reference (AWS), field 29. An error that comes from the cache has no kind."""
    live = Live(edge, Origins=counted(http_origin(DomainName=DEAD)))
    assert [live.site.get("/x").status for _ in range(2)] == [502, 502]
    kinds = [record["x-edge-detailed-result-type"] for record in live.records("/x", 2)]
    assert kinds == ["OriginConnectError", "Error"]


def test_logs_tell_that_an_origin_broke_off(edge):
    """Standard logging reference (AWS), fields 14, 23 and 29."""
    live = Live(edge)
    path = edge.origin.serve(lambda asked: (200, {"Content-Length": "9", "Connection": "close"}, b"half"))
    # The head may have left before the edge learns of the break, or not.
    with pytest.raises(http.client.HTTPException):
        live.site.get(path)
    (record,) = live.records(path, 1)
    names = ["x-edge-response-result-type", "x-edge-result-type", "x-edge-detailed-result-type"]
    assert [record[name] for name in names] == ["Miss", "Error", "OriginReadError"]


def test_an_object_without_a_date_is_dated_once(edge):
    """RFC 9110 section 6.6.1."""
    site = edge.new_site()
    path = edge.origin.serve(page())
    site.get(path)
    first = wait_for(lambda: (answer := site.get(path)).headers["age"] != "0" and answer, "the object does not age")
    date = parsedate_to_datetime(first.headers["date"])
    assert date.timestamp() < time.time() - 0.5, (date, first.headers["age"])


def test_a_viewer_cannot_code_a_body_for_its_transfer_but_in_chunks(edge):
    """RFC 9112 section 6.1. The body would reach the origin coded, and nothing would say so."""
    everything = counted("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE")
    methods = {**everything, "CachedMethods": counted("GET", "HEAD")}
    site = edge.new_site(DefaultCacheBehavior=behavior(AllowedMethods=methods))
    for coding, status in [("chunked", 200), ("gzip, chunked", 400)]:
        lines = [f"POST {unique_path()} HTTP/1.1", f"Host: {site.domain}", f"Transfer-Encoding: {coding}"]
        head, _ = exchange(edge, [*lines, "Connection: close", "", "0"])
        assert head[0].split()[1] == str(status), coding
