"""The public tests for HTTP caches, https://cache-tests.fyi, through the edge.

Every result is in compat/cache_tests/expected.json, and one that changes either way fails. A test that a shared cache
must pass by RFC 9111 and does not has the reason with it, most often that CloudFront does something else by its own
documentation.
"""

import json
import subprocess

import pytest

import node
from distributions import behavior, counted
from edge import http_origin
from server import ROOT, clean_environment

SOURCE = ROOT / "compat/cache_tests"
# As the managed policies UseOriginCacheControlHeaders-QueryStrings and AllViewer, which leave all to the origin, but
# without cookies: where cookies are forwarded CloudFront revalidates nothing, and a tenth of the tests would not test
# what they are for.
FORWARDED = {
    "Name": "all-but-cookies", "HeadersConfig": {"HeaderBehavior": "allViewer"},
    "CookiesConfig": {"CookieBehavior": "none"}, "QueryStringsConfig": {"QueryStringBehavior": "all"},
}
POLICY = {
    "Name": "as-the-origin-says", "MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 31_536_000,
    "ParametersInCacheKeyAndForwardedToOrigin": {
        "EnableAcceptEncodingGzip": True, "EnableAcceptEncodingBrotli": True,
        "HeadersConfig": {
            "HeaderBehavior": "whitelist",
            "Headers": counted("Host", "Origin", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"),
        },
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    },
}
ALL_METHODS = {
    **counted("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"), "CachedMethods": counted("GET", "HEAD"),
}


@pytest.fixture(scope="module")
def folder():
    return node.packages(SOURCE, "cache-tests", "server.mjs", "run.mjs").parent


@pytest.fixture(scope="module")
def further_origins(folder):
    """The suite's own origin."""
    process = subprocess.Popen(
        ["node", "server.mjs"], cwd=folder, stdout=subprocess.PIPE, text=True, env=clean_environment()
    )
    try:
        port = process.stdout.readline().strip().rstrip("/").rpartition(":")[2]
        yield {"cache-tests.example.com": f"http://127.0.0.1:{port}"}
    finally:
        process.kill()
        process.wait()


@pytest.mark.timeout(300)
def test_every_result_is_the_one_that_is_written_down(edge, folder):
    forwarded = edge.control.create_origin_request_policy(OriginRequestPolicyConfig=FORWARDED)
    policy = edge.control.create_cache_policy(CachePolicyConfig=POLICY)["CachePolicy"]["Id"]
    edge.new_site(
        Origins=counted(http_origin(DomainName="cache-tests.example.com")),
        DefaultCacheBehavior=behavior(
            AllowedMethods=ALL_METHODS, CachePolicyId=policy,
            OriginRequestPolicyId=forwarded["OriginRequestPolicy"]["Id"],
        ),
    )
    changed = changes(edge, folder)
    if changed:
        # Objects of these tests live for seconds, which a busy machine may take for a request: only what differs
        # in a second run too has changed.
        again = changes(edge, folder)
        changed = {name: change for name, change in changed.items() if again.get(name) == change}
    assert not changed, json.dumps(changed, indent=2)


def changes(edge, folder):
    """Which results are not what is written down. All of them are left in target/cache-tests."""
    # The only distribution answers for the address itself.
    run = subprocess.run(
        ["node", "--no-warnings", "run.mjs", edge.server.edges[0]], cwd=folder, capture_output=True, text=True,
        timeout=240, env=clean_environment(),
    )
    assert run.returncode == 0, run.stderr
    results = json.loads(run.stdout)
    (folder / "results.json").write_text(json.dumps(results, indent=2))
    expected = json.loads((SOURCE / "expected.json").read_text())
    found = {name: result["result"] for name, result in results.items()}
    wanted = {name: result["result"] for name, result in expected.items()}
    return {
        name: f"{wanted.get(name)} -> {found.get(name)}: {results.get(name, {}).get('reason')}"
        for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    }


def test_every_failure_of_what_a_cache_must_do_has_a_reason():
    expected = json.loads((SOURCE / "expected.json").read_text())
    without = [
        name for name, result in expected.items()
        if (result["kind"], result["result"]) == ("required", "fail") and not result.get("why")
    ]
    assert not without
