"""Varnish's own test program as a viewer and as an origin that write every byte, with the edge between them.

Each case is a file in compat/varnishtest; `varnishtest` is in Debian's package varnish.
"""

import shutil
import socket
import subprocess

import pytest

from distributions import behavior, counted
from edge import http_origin
from server import PATIENCE, ROOT, clean_environment

FOLDER = ROOT / "compat/varnishtest"
CASES = sorted(file.stem for file in FOLDER.glob("*.vtc"))
ALL_METHODS = {
    **counted("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"), "CachedMethods": counted("GET", "HEAD"),
}
# Objects stay as long as the origin says.
POLICY = {
    "Name": "as-the-origin-says", "MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 31_536_000,
    "ParametersInCacheKeyAndForwardedToOrigin": {
        "EnableAcceptEncodingGzip": False, "EnableAcceptEncodingBrotli": False,
        "HeadersConfig": {"HeaderBehavior": "none"}, "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"},
    },
}


def name_of(case):
    return f"{case.replace('_', '-')[:60]}.example.com"


@pytest.fixture(scope="module")
def further_origins():
    """A free port for the origin of each case, by its domain name."""
    with_ports = {}
    for case in CASES:
        with socket.create_server(("127.0.0.1", 0)) as free:
            with_ports[name_of(case)] = f"http://127.0.0.1:{free.getsockname()[1]}"
    return with_ports


@pytest.fixture(scope="module")
def policy(edge):
    return edge.control.create_cache_policy(CachePolicyConfig=POLICY)["CachePolicy"]["Id"]


@pytest.mark.parametrize("case", CASES)
def test_a_case_of_varnishtest_passes(edge, policy, further_origins, tmp_path, case):
    if not shutil.which("varnishtest"):
        pytest.skip("varnishtest is not installed (Debian: varnish): no byte was written by it")
    name = name_of(case)
    site = edge.new_site(
        Origins=counted(http_origin(DomainName=name)),
        DefaultCacheBehavior=behavior(CachePolicyId=policy, AllowedMethods=ALL_METHODS),
    )
    values = {
        "edge": edge.address, "origin": further_origins[name].removeprefix("http://"), "host": site.domain,
        "name": name,
    }
    defined = [argument for pair in values.items() for argument in ("-D", "=".join(pair))]
    run = subprocess.run(
        ["varnishtest", "-t", "30", *defined, FOLDER / f"{case}.vtc"],
        capture_output=True, text=True, timeout=PATIENCE + 30, env=clean_environment(TMPDIR=str(tmp_path)),
    )
    assert run.returncode == 0, run.stdout + run.stderr
