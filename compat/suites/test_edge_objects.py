"""What of an object viewers get: conditions, ranges, compression."""

import gzip

import pytest

from distributions import behavior
from edge import page

TEXT = ("The quick brown fox jumps over the lazy dog. " * 100).encode()


@pytest.fixture(scope="module")
def site(edge):
    return edge.new_site(DefaultCacheBehavior=behavior(Compress=True))


def test_conditions_of_viewers_are_answered_from_the_cache(edge, site):
    date = "Tue, 01 Jul 2025 00:00:00 GMT"
    path = edge.origin.serve(page(ETag='"one"', Last_Modified=date))
    for headers, status in [
        ({}, 200), ({"If-None-Match": '"one"'}, 304), ({"If-None-Match": 'W/"one"'}, 304),
        ({"If-None-Match": '"two"'}, 200),
        ({"If-None-Match": '"two", "one"'}, 304), ({"If-Modified-Since": date}, 304),
        ({"If-Modified-Since": "Mon, 30 Jun 2025 00:00:00 GMT"}, 200),
    ]:
        answer = site.get(path, headers)
        assert (answer.status, answer.body) == (status, b"page" if status == 200 else b""), headers
    assert len(edge.origin.asked_for(path)) == 1


def test_ranges_come_from_the_whole_object(edge, site):
    body = bytes(range(256)) * 4
    path = edge.origin.serve(page(body, ETag='"one"', Content_Type="application/octet-stream"))
    # How CloudFront processes partial requests (AWS): ascending, not overlapping, valid; anything else is 200.
    for sent, status, expected in [
        ("bytes=0-9", 206, body[:10]), ("bytes=1000-", 206, body[1000:]), ("bytes=-24", 206, body[-24:]),
        ("bytes=1000-5000", 206, body[1000:]), ("bytes=2000-", 416, b""), ("bytes=9-0", 200, body),
        ("lines=1-2", 200, body), ("bytes=20-29,0-9", 200, body), ("bytes=0-9,5-20", 200, body),
    ]:
        answer = site.get(path, {"Range": sent})
        assert answer.status == status, (sent, answer.headers)
        assert answer.body == expected, sent
    part = site.get(path, {"Range": "bytes=0-9", "If-Range": '"one"'})
    assert (part.status, part.headers["content-range"]) == (206, "bytes 0-9/1024")
    assert site.get(path, {"Range": "bytes=0-9", "If-Range": '"two"'}).status == 200
    both = site.get(path, {"Range": "bytes=0-9,20-29"})
    assert both.status == 206 and both.headers["content-type"].startswith("multipart/byteranges; boundary=")
    assert body[:10] in both.body and body[20:30] in both.body
    assert len(edge.origin.asked_for(path)) == 1


def test_a_broken_download_goes_on_where_it_stopped(edge, site):
    body = bytes(range(256)) * 1000
    path = edge.origin.serve(page(body, ETag='"one"'))
    got = site.get(path, {"Range": "bytes=0-99999"}).body
    while len(got) < len(body):
        answer = site.get(path, {"Range": f"bytes={len(got)}-{len(got) + 99_999}", "If-Range": '"one"'})
        assert answer.status == 206
        got += answer.body
    assert got == body


def test_answers_are_compressed_as_the_viewer_accepts(edge, site):
    path = edge.origin.serve(page(TEXT, ETag='"strong"'))
    # Serve compressed files (AWS): Brotli is preferred whatever the order, a strong ETag becomes weak.
    for accepted, encoding in [
        ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br", "br"), ("br;q=0, gzip", "gzip"), ("deflate", None),
        (None, None), ("GZIP", "gzip"), ("identity", None),
    ]:
        answer = site.get(path, {"Accept-Encoding": accepted} if accepted else {})
        assert answer.headers.get("content-encoding") == encoding, accepted
        assert answer.headers["etag"] == ('W/"strong"' if encoding else '"strong"')
        if encoding == "gzip":
            assert gzip.decompress(answer.body) == TEXT
        elif encoding is None:
            assert answer.body == TEXT
        else:
            assert len(answer.body) < len(TEXT) / 10
    # One object for each encoding: none, gzip and, wherever Brotli is accepted, that.
    assert len(edge.origin.asked_for(path)) <= 5


@pytest.mark.parametrize("headers, body, status", [
    ({"Content-Type": "image/png"}, TEXT, 200),
    ({"Content-Type": "text/plain"}, TEXT[:999], 200),
    ({"Content-Type": "text/plain", "Content-Encoding": "x-own"}, TEXT, 200),
    # RFC 9110, 7.7. AWS does not speak of it.
    ({"Content-Type": "text/plain", "Cache-Control": "no-transform"}, TEXT, 200),
    ({"Content-Type": "text/plain"}, TEXT, 500),
])
def test_what_is_not_compressed(edge, site, headers, body, status):
    path = edge.origin.serve(lambda asked: (status, headers, body))
    answer = site.get(path, {"Accept-Encoding": "gzip, br"})
    assert answer.headers.get("content-encoding") == headers.get("Content-Encoding")
    assert answer.body == body
