"""What viewers see of the cache: hits, keys, lifetimes, failing origins, invalidations."""

import threading

import pytest

from clients import unique_name, wait_for
from distributions import CACHING_DISABLED, behavior, counted, forwarding
from edge import page, unique_path

AS_THE_ORIGIN_SAYS = "4cc15a8a-d715-48a4-82b8-cc0b614638fe"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"


@pytest.fixture(scope="module")
def site(edge):
    """CachingOptimized: no query string, header or cookie is in the key."""
    return edge.new_site(DefaultCacheBehavior=behavior(Compress=True))


def keyed(control, min_ttl=0, default_ttl=86_400, max_ttl=31_536_000, **parameters):
    """A cache policy of a test's own."""
    key = {
        "EnableAcceptEncodingGzip": False, "EnableAcceptEncodingBrotli": False,
        "HeadersConfig": {"HeaderBehavior": "none"}, "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"}, **parameters,
    }
    config = {
        "Name": unique_name("policy"), "MinTTL": min_ttl, "DefaultTTL": default_ttl, "MaxTTL": max_ttl,
        "ParametersInCacheKeyAndForwardedToOrigin": key,
    }
    return control.create_cache_policy(CachePolicyConfig=config)["CachePolicy"]["Id"]


def with_policy(edge, *arguments, **more):
    return edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=keyed(edge.control, *arguments, **more)))


def caches(site, *requests):
    """What the cache said to each request: (path, headers)."""
    return [site.get(path, headers).cache for path, headers in requests]


def test_the_second_viewer_gets_a_hit_with_its_age(edge, site):
    path = edge.origin.serve(page(ETag='"1"'))
    first, second = site.get(path), site.get(path)
    assert (first.cache, second.cache) == ("Miss", "Hit")
    assert "age" not in first.headers and int(second.headers["age"]) >= 0
    assert second.headers["via"].endswith(".cloudfront.net (CloudFront)")
    assert len(second.headers["x-amz-cf-id"]) == 56 and first.headers["x-amz-cf-id"] != second.headers["x-amz-cf-id"]
    assert (first.body, first.headers["etag"]) == (second.body, second.headers["etag"])


def test_head_and_get_have_one_object(edge, site):
    path = edge.origin.serve(page())
    assert site.get(path).cache == "Miss"
    head = site.send("HEAD", path)
    assert (head.cache, head.body, head.headers["content-length"]) == ("Hit", b"", "4")


def test_what_is_not_in_the_key_reaches_neither_key_nor_origin(edge, site):
    path = edge.origin.serve(page())
    assert caches(
        site, (path, {}), (f"{path}?a=1", {}), (path, {"Cookie": "a=1"}), (path, {"X-Forwarded-Host": "evil"}),
        (path, {"Cache-Control": "no-cache", "Pragma": "no-cache"}), (path, {"Accept-Language": "de"}),
    ) == ["Miss"] + ["Hit"] * 5
    (asked,) = edge.origin.asked_for(path)
    assert (asked.target, asked.headers["user-agent"]) == (path, "Amazon CloudFront")
    assert not {"cookie", "accept-language", "cache-control", "pragma"} & set(asked.headers)


def test_the_key_has_what_the_policy_names(edge):
    site = with_policy(
        edge,
        HeadersConfig={"HeaderBehavior": "whitelist", "Headers": counted("X-Version")},
        CookiesConfig={"CookieBehavior": "whitelist", "Cookies": counted("user")},
        QueryStringsConfig={"QueryStringBehavior": "whitelist", "QueryStrings": counted("page")},
    )
    path = edge.origin.serve(page())
    # Cache key (AWS): names of headers in any case, values and queries to the letter, in the order as sent.
    assert caches(
        site, (path, {}), (f"{path}?page=1", {}), (f"{path}?x=1&page=1&y=2", {}), (f"{path}?PAGE=1", {}),
        (path, {"X-Version": "1"}), (path, {"x-version": "1"}), (path, {"X-Version": "A"}),
        (path, {"Cookie": "user=1"}), (path, {"Cookie": "other=2; user=1"}), (path, {"Cookie": "USER=1"}),
    ) == ["Miss", "Miss", "Hit", "Hit", "Miss", "Hit", "Miss", "Miss", "Hit", "Hit"]
    assert [asked.headers.get("cookie") for asked in edge.origin.asked_for(path)][-1] == "user=1"


@pytest.mark.parametrize("said, ttls, kept", [
    # Managing how long content stays in the cache (AWS): the table of TTLs and Cache-Control.
    ({}, (0, 86_400, 31_536_000), True),
    ({}, (0, 0, 31_536_000), False),
    ({"Cache_Control": "no-store"}, (0, 86_400, 31_536_000), False),
    ({"Cache_Control": "private"}, (0, 86_400, 31_536_000), False),
    ({"Cache_Control": "no-store"}, (60, 86_400, 31_536_000), True),
    ({"Cache_Control": "max-age=0"}, (0, 86_400, 31_536_000), False),
    ({"Cache_Control": "max-age=0"}, (60, 86_400, 31_536_000), True),
    ({"Cache_Control": "max-age=60, s-maxage=0"}, (0, 86_400, 31_536_000), False),
    ({"Cache_Control": "max-age=0, s-maxage=60"}, (0, 86_400, 31_536_000), True),
    ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, (0, 86_400, 31_536_000), False),
    ({"Cache_Control": "max-age=3600"}, (0, 0, 0), False),
    ({"Vary": "*"}, (0, 86_400, 31_536_000), False),
])
def test_objects_stay_as_long_as_policy_and_origin_say(edge, said, ttls, kept):
    site = with_policy(edge, *ttls)
    path = edge.origin.serve(page(**said))
    assert caches(site, (path, {}), (path, {})) == ["Miss", "Hit" if kept else "Miss"]


@pytest.mark.parametrize("cookies, verdict", [("none", "RefreshHit"), ("all", "Miss")])
def test_an_expired_object_is_asked_for_again_with_its_validators(edge, cookies, verdict):
    # Cache content based on cookies (AWS): with cookies there are no conditional requests.
    site = with_policy(edge, CookiesConfig={"CookieBehavior": cookies})

    def answer(asked):
        headers = {"ETag": '"one"', "Cache-Control": "max-age=1"}
        return (304, headers, b"") if asked.headers.get("if-none-match") == '"one"' else (200, headers, b"page")

    path = edge.origin.serve(answer)
    assert site.get(path).cache == "Miss"
    refreshed = wait_for(lambda: (found := site.get(path)).cache != "Hit" and found, "it does not expire", 5)
    assert (refreshed.status, refreshed.cache, refreshed.body) == (200, verdict, b"page")


def test_a_failing_origin_is_answered_for_by_what_is_stale(edge):
    site = edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=AS_THE_ORIGIN_SAYS))
    failing = threading.Event()

    def answer(asked):
        return (500, {}, b"broken") if failing.is_set() else (200, {"Cache-Control": "max-age=1"}, b"good")

    path = edge.origin.serve(answer)
    assert site.get(path).text == "good"
    failing.set()
    wait_for(lambda: len(edge.origin.asked_for(path)) > 1 or not site.get(path), "it does not expire", 5)
    answer = site.get(path)
    assert (answer.status, answer.text) == (200, "good")


@pytest.mark.parametrize("said, status", [
    ("max-age=1", 200), ("max-age=1, must-revalidate", 500), ("max-age=1, proxy-revalidate", 500), ("no-cache", 200),
    ("s-maxage=1", 200), ("max-age=1, stale-if-error=0", 500), ("max-age=1, stale-if-error=600", 200),
])
def test_what_may_be_served_stale_where_the_origin_fails(edge, said, status):
    # AWS ("Serve stale (expired) content"): an expired object is served unless stale-if-error=0 forbids it. RFC 9111,
    # 4.2.4, forbids it with must-revalidate and proxy-revalidate too, and with no-cache and s-maxage, which AWS does
    # not except.
    site = edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=AS_THE_ORIGIN_SAYS))
    asked_before = threading.Event()

    def answer(asked):
        if asked_before.is_set():
            return 500, {}, b"broken"
        asked_before.set()
        return 200, {"Cache-Control": said}, b"good"

    path = edge.origin.serve(answer)
    assert site.get(path).text == "good"
    wait_for(lambda: site.get(path) and len(edge.origin.asked_for(path)) > 1, "it does not expire", 5)
    assert site.get(path).status == status


def test_an_error_of_the_origin_stays_for_its_own_time(edge):
    times = {"ErrorCode": 404, "ErrorCachingMinTTL": 60}, {"ErrorCode": 500, "ErrorCachingMinTTL": 0}
    site = edge.new_site(CustomErrorResponses=counted(*times))
    missing = edge.origin.serve(lambda asked: (404, {}, b"missing"))
    broken = edge.origin.serve(lambda asked: (500, {}, b"broken"))
    for path, times in [(missing, 1), (broken, 3)]:
        answers = [site.get(path) for _ in range(3)]
        assert {answer.cache for answer in answers} == {"Error"}
        assert len(edge.origin.asked_for(path)) == times, path


def test_one_request_is_made_for_many_viewers_at_once(edge, site):
    arrived, go = threading.Event(), threading.Event()

    def answer(asked):
        arrived.set()
        go.wait(20)
        return 200, {}, b"slow"

    path = edge.origin.serve(answer)
    found = []
    viewers = [threading.Thread(target=lambda: found.append(site.get(path).cache)) for _ in range(8)]
    viewers[0].start()
    assert arrived.wait(20)
    for viewer in viewers[1:]:
        viewer.start()
    go.set()
    for viewer in viewers:
        viewer.join(20)
    assert sorted(found) == ["Hit"] * 7 + ["Miss"]
    assert len(edge.origin.asked_for(path)) == 1


def test_invalidations_are_in_force_at_once_and_end_completed(edge):
    site = edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=keyed(
        edge.control, QueryStringsConfig={"QueryStringBehavior": "all"}
    )))
    base = unique_path("folder")
    paths = [f"{base}/{name}" for name in ["a.html", "b.html", "deep/c.html", "a.html?x=1", "a.html?x=2"]]
    # Invalidate files (AWS): case-sensitive, the query is part of the path, a * counts at the end alone.
    for invalidated, gone in [
        (f"{base}/a.html", [0]), (f"{base}/a.html?x=1", [3]), (f"{base}/a.html*", [0, 3, 4]),
        (f"{base}/deep/*", [2]), (f"{base}/*", [0, 1, 2, 3, 4]), ("/*", [0, 1, 2, 3, 4]),
        (f"{base}/A.html", []), (f"{base}/*.html", []), (base, []),
    ]:
        for path in paths:
            site.get(path)
        assert {site.get(path).cache for path in paths} == {"Hit"}
        made = site.invalidate(invalidated)
        # No wait: the request after the acknowledgement is a miss already.
        missed = [number for number, path in enumerate(paths) if site.get(path).cache == "Miss"]
        assert missed == gone, invalidated
        read = edge.control.get_invalidation(DistributionId=site.id, Id=made["Id"])["Invalidation"]
        assert read["Status"] == "Completed"


def test_invalidated_objects_of_a_behavior_without_queries_are_gone_whatever_was_asked(edge, site):
    path = edge.origin.serve(page())
    assert caches(site, (f"{path}?x=1", {}), (path, {})) == ["Miss", "Hit"]
    site.invalidate(path)
    assert site.get(path).cache == "Miss"


def test_legacy_settings_make_the_key_too(edge):
    values = {
        "QueryString": True, "QueryStringCacheKeys": counted("page"), "Headers": counted("X-Version"),
        "Cookies": {"Forward": "whitelist", "WhitelistedNames": counted("user*")},
    }
    site = edge.new_site(DefaultCacheBehavior=forwarding(ForwardedValues=values, DefaultTTL=60, MaxTTL=600))
    path = edge.origin.serve(page())
    assert caches(
        site, (f"{path}?page=1", {}), (f"{path}?page=1&x=2", {}), (f"{path}?page=2", {}),
        (f"{path}?page=2", {"X-Version": "1"}), (f"{path}?page=2", {"Cookie": "user_id=1"}),
        (f"{path}?page=2", {"Cookie": "user_id=1; other=2"}),
    ) == ["Miss", "Hit", "Miss", "Miss", "Miss", "Hit"]
    # Query string parameters that are not in the key reach the origin even so.
    assert edge.origin.asked_for(path)[0].target == f"{path}?page=1"


def test_without_caching_each_viewer_reaches_the_origin(edge):
    site = edge.new_site(
        DefaultCacheBehavior=behavior(
            CachePolicyId=CACHING_DISABLED, OriginRequestPolicyId=ALL_VIEWER,
            AllowedMethods={
                **counted("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"),
                "CachedMethods": counted("GET", "HEAD"),
            },
        )
    )
    path = edge.origin.serve(lambda asked: (200, {"Set-Cookie": "a=1"}, asked.method.encode() + b" " + asked.body))
    sent = [
        ("GET", None), ("GET", None), ("POST", b"1=2"), ("PUT", b"x" * 100_000), ("PATCH", b""), ("DELETE", None),
    ]
    for method, body in sent:
        answer = site.send(method, f"{path}?q=1", {"Cookie": "c=1", "X-Own": "yes"}, body)
        assert (answer.cache, answer.body) == ("Miss", method.encode() + b" " + (body or b""))
        assert answer.headers["set-cookie"] == "a=1"
    asked = edge.origin.asked_for(path)
    assert len(asked) == len(sent)
    assert {(request.target, request.headers["cookie"], request.headers["x-own"]) for request in asked} == {
        (f"{path}?q=1", "c=1", "yes")
    }
