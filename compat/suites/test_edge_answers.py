"""What viewers get besides objects: error pages, redirects, refusals, headers of policies."""

import pytest

import distributions
from clients import unique_name
from distributions import CACHING_DISABLED, behavior, counted
from edge import http_origin, unique_path

SECURITY = "67f7725c-6f97-4210-82d7-5512b31e9d03"
SIMPLE_CORS = "60669652-455b-4ae9-85a4-c4c02393f86c"
PREFLIGHT = "5cc3b908-e619-4b99-88e5-2cf7f45965bd"
BOTH = "eaab4381-ed33-4a86-88ca-d9558dc6cd63"

# The tests say where viewers are and what they speak, as a proxy in front of the edge would.
SETTINGS = """
[edge]
trusted_proxies = ["127.0.0.1"]
viewer_country = "FR"

[edge.countries]
"198.51.100.0/24" = "DE"
"203.0.113.0/24" = "US"
"""

GERMAN = {"X-Forwarded-For": "198.51.100.1"}
AMERICAN = {"X-Forwarded-For": "203.0.113.1"}
SECURE = {"X-Forwarded-Proto": "https"}
SPA = {"ErrorCode": 404, "ResponsePagePath": "/index.html", "ResponseCode": "200", "ErrorCachingMinTTL": 0}


def test_a_single_page_application_answers_every_path(edge):
    edge.origin.serve(b"<app>", "/index.html")
    site = edge.new_site(CustomErrorResponses=counted(SPA))
    missing = edge.origin.serve(lambda asked: (404, {}, b"not here"))
    for method, body in [("GET", "<app>"), ("HEAD", "")]:
        answer = site.send(method, missing)
        assert (answer.status, answer.text, answer.cache) == (200, body, "Error")
        assert answer.headers["content-length"] == "5"
    assert len(edge.origin.asked_for("/index.html")) == 1


def test_an_error_page_comes_through_the_behavior_of_its_path(edge):
    site = edge.new_site(
        Origins=counted(http_origin("one"), http_origin("two", DomainName="other.example.com")),
        DefaultCacheBehavior=behavior("one"),
        CacheBehaviors=counted(behavior("two", PathPattern="/errors/*")),
        CustomErrorResponses=counted(
            {"ErrorCode": 404, "ResponsePagePath": "/errors/404.html", "ResponseCode": "404"},
            {"ErrorCode": 403, "ResponsePagePath": "/errors/none.html", "ResponseCode": "403"},
            {"ErrorCode": 502, "ResponsePagePath": "/errors/502.html", "ResponseCode": "503"},
        ),
    )
    edge.origin.serve(lambda asked: asked.headers["host"].encode(), "/errors/404.html")
    edge.origin.serve(lambda asked: (404, {}, b""), "/errors/none.html")
    edge.origin.serve(b"we are sorry", "/errors/502.html")
    for status, expected, body in [
        (404, 404, "other.example.com"), (403, 403, "forbidden"), (500, 500, "forbidden"), (502, 503, "we are sorry"),
    ]:
        answer = site.get(edge.origin.serve(lambda asked, status=status: (status, {}, b"forbidden")))
        assert (answer.status, answer.text) == (expected, body), status


def test_an_origin_that_is_down_is_502_and_has_an_error_page_too(edge):
    down = counted(http_origin(DomainName="dead.example.com"), http_origin("pages"))
    site = edge.new_site(Origins=down)
    answer = site.get("/")
    assert (answer.status, answer.cache) == (502, "Error")
    assert "CloudFront wasn't able to connect to the origin." in answer.text
    edge.origin.serve(b"back soon", "/down.html")
    site = edge.new_site(
        Origins=down,
        CacheBehaviors=counted(behavior("pages", PathPattern="/down.html")),
        CustomErrorResponses=counted({"ErrorCode": 502, "ResponsePagePath": "/down.html", "ResponseCode": "200"}),
    )
    assert (site.get("/").status, site.get("/").text) == (200, "back soon")


def test_viewers_in_some_countries_are_refused(edge):
    def restricted(kind, *countries):
        return edge.new_site(Restrictions={"GeoRestriction": {"RestrictionType": kind, **counted(*countries)}})

    path = edge.origin.serve(b"page")
    for site, expected in [
        (restricted("whitelist", "DE", "AT"), [200, 403, 403]),
        (restricted("blacklist", "US"), [200, 403, 200]),
        (edge.new_site(), [200, 200, 200]),
    ]:
        answers = [site.get(path, viewer) for viewer in [GERMAN, AMERICAN, {}]]
        assert [answer.status for answer in answers] == expected
        for answer in answers:
            assert (answer.status == 200) != ("block access from your country" in answer.text)


def test_http_is_redirected_or_refused(edge):
    everything = {
        **counted("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"), "CachedMethods": counted("GET", "HEAD"),
    }
    site = edge.new_site(
        DefaultCacheBehavior=behavior(ViewerProtocolPolicy="redirect-to-https", AllowedMethods=everything),
        CacheBehaviors=counted(behavior(PathPattern="/secure/*", ViewerProtocolPolicy="https-only")),
    )
    path = edge.origin.serve(b"page")
    # Viewer protocol policy (AWS): 301 for GET and HEAD, 307 for the others, which keeps method and body.
    for method, status in [("GET", 301), ("HEAD", 301), ("POST", 307), ("PUT", 307), ("DELETE", 307), ("OPTIONS", 307)]:
        answer = site.send(method, f"{path}?x=1")
        assert (answer.status, answer.headers["location"]) == (status, f"https://{site.domain}{path}?x=1")
        assert answer.cache == "Redirect"
    assert site.get(path, SECURE).text == "page"
    refused = site.get("/secure/x")
    assert (refused.status, refused.cache) == (403, "Error")
    assert site.get("/secure/x", SECURE).status == 200


def test_only_allowed_methods_pass(edge):
    site = edge.new_site()
    path = edge.origin.serve(b"page")
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]:
        answer = site.send(method, path, body=b"x=1" if method == "POST" else None)
        assert (answer.status, answer.cache) == (403, "Error"), method
    assert site.send("GET", path, body=b"a body").status == 403
    assert not edge.origin.asked_for(path)


def test_security_headers_by_the_managed_policy(edge):
    site = edge.new_site(DefaultCacheBehavior=behavior(ResponseHeadersPolicyId=SECURITY))
    own = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "sniff", "Content-Type": "text/plain"}
    path = edge.origin.serve(lambda asked: (200, own, b"page"))
    for viewer, hsts in [(SECURE, "max-age=31536000"), ({}, None)]:
        headers = site.get(path, viewer).headers
        # Managed response headers policies (AWS): X-Content-Type-Options alone overrides the origin's.
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert headers["x-xss-protection"] == "1; mode=block"
        assert headers.get("strict-transport-security") == hsts


@pytest.mark.parametrize("policy", [SIMPLE_CORS, PREFLIGHT, BOTH])
def test_cors_for_requests_with_an_origin_alone(edge, policy):
    options = {**counted("GET", "HEAD", "OPTIONS"), "CachedMethods": counted("GET", "HEAD")}
    site = edge.new_site(
        DefaultCacheBehavior=behavior(
            ResponseHeadersPolicyId=policy, AllowedMethods=options, CachePolicyId=CACHING_DISABLED
        )
    )
    path = edge.origin.serve(b"data")
    assert site.get(path, {"Origin": "https://a.example"}).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in site.get(path).headers
    if policy == SIMPLE_CORS:
        return
    preflight = site.send(
        "OPTIONS", path, {"Origin": "https://a.example", "Access-Control-Request-Method": "PUT"}
    )
    assert preflight.headers["access-control-allow-origin"] == "*"
    allowed = preflight.headers["access-control-allow-methods"].replace(" ", "").split(",")
    assert set(allowed) == {"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"}


def test_an_own_policy_adds_removes_and_limits_origins(edge):
    cors = {
        "AccessControlAllowOrigins": counted("https://*.good.example"), "AccessControlAllowHeaders": counted("X-Own"),
        "AccessControlAllowMethods": counted("GET"), "AccessControlAllowCredentials": True,
        "AccessControlExposeHeaders": counted("X-Served"), "AccessControlMaxAgeSec": 60, "OriginOverride": True,
    }
    config = {
        "Name": unique_name("headers"), "CorsConfig": cors,
        "CustomHeadersConfig": counted({"Header": "X-Served", "Value": "keyfront", "Override": False}),
        "RemoveHeadersConfig": counted({"Header": "X-Powered-By"}),
        "ServerTimingHeadersConfig": {"Enabled": True, "SamplingRate": 100.0},
    }
    made = edge.control.create_response_headers_policy(ResponseHeadersPolicyConfig=config)
    site = edge.new_site(
        DefaultCacheBehavior=behavior(ResponseHeadersPolicyId=made["ResponseHeadersPolicy"]["Id"])
    )
    path = edge.origin.serve(lambda asked: (200, {"X-Powered-By": "secret 1.0", "X-Other": "kept"}, b"page"))
    good = site.get(path, {"Origin": "https://a.good.example"}).headers
    assert good["access-control-allow-origin"] == "https://a.good.example"
    assert good["access-control-allow-credentials"] == "true" and good["access-control-expose-headers"] == "X-Served"
    assert (good["x-served"], good["x-other"]) == ("keyfront", "kept") and "x-powered-by" not in good
    assert "cdn-cache-miss" in good["server-timing"]
    bad = site.get(path, {"Origin": "https://a.good.example.evil"}).headers
    assert "access-control-allow-origin" not in bad and "cdn-cache-hit" in bad["server-timing"]


def test_headers_of_the_edge_reach_the_origin_where_a_policy_names_them(edge):
    config = {
        "Name": unique_name("request"), "CookiesConfig": {"CookieBehavior": "none"},
        "HeadersConfig": {
            "HeaderBehavior": "whitelist",
            "Headers": counted("CloudFront-Viewer-Country", "CloudFront-Forwarded-Proto", "CloudFront-Viewer-Address"),
        },
        "QueryStringsConfig": {"QueryStringBehavior": "none"},
    }
    made = edge.control.create_origin_request_policy(OriginRequestPolicyConfig=config)
    site = edge.new_site(DefaultCacheBehavior=behavior(OriginRequestPolicyId=made["OriginRequestPolicy"]["Id"]))
    path = edge.origin.serve(b"page")
    site.get(path, {**GERMAN, **SECURE, "CloudFront-Viewer-Country": "XX", "CloudFront-Is-Mobile-Viewer": "true"})
    (asked,) = edge.origin.asked_for(path)
    assert asked.headers["cloudfront-viewer-country"] == "DE"
    assert asked.headers["cloudfront-forwarded-proto"] == "https"
    assert asked.headers["cloudfront-viewer-address"].startswith("198.51.100.1:")
    assert "cloudfront-is-mobile-viewer" not in asked.headers
    assert asked.headers["x-forwarded-for"] == "198.51.100.1,198.51.100.1"


def test_what_keyfront_does_not_run_is_said_and_not_passed_over(edge):
    function = f"{distributions.LAMBDA}:1"
    association = {"LambdaFunctionARN": function, "EventType": "origin-request", "IncludeBody": False}
    site = edge.new_site(DefaultCacheBehavior=behavior(LambdaFunctionAssociations=counted(association)))
    answer = site.get(unique_path())
    assert (answer.status, answer.headers["server"]) == (501, "Keyfront")
    assert "Lambda@Edge" in answer.text and function in answer.text
