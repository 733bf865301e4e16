"""Where the edge listens, and what its operator learns: addresses, HTTPS, ports, logs, health and metrics."""

import gzip
import json
import re
import socket
import ssl
import subprocess
import urllib.error
import urllib.request

import pytest

import server as keyfront
from clients import client, wait_for
from conftest import running
from distributions import behavior, configuration, counted, new_distribution, server_origin
from test_realtime_logs import STREAM

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def site(tmp_path):
    """A folder that stands in for the origin."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "page.html").write_text("<h1>a page</h1>")
    return folder


def fetch(url, host, **headers):
    """The status, the headers and the body of an answer to a viewer."""
    request = urllib.request.Request(url, headers={"Host": host, **headers})
    try:
        with DIRECT.open(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def fetch_new(url, host, **headers):
    """The same for a distribution that was made a moment ago: it is in force some milliseconds later."""
    return wait_for(lambda: (answer := fetch(url, host, **headers))[0] != 403 and answer, f"an answer at {url}")


def run(*arguments, **more):
    return subprocess.run(
        [keyfront.BINARY, *map(str, arguments)],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=keyfront.clean_environment(**more),
    )


def test_dev_says_where_viewers_are_answered_and_what_became_of_each(tmp_path, site):
    with running(tmp_path, "--origin", f"origin.example.com={site}") as server:
        [edge] = server.edges
        made = new_distribution(client(server, "cloudfront"))["Distribution"]
        host = made["DomainName"]
        status, headers, body = fetch_new(f"{edge}/page.html", host)
        assert (status, body) == (200, b"<h1>a page</h1>")
        assert headers["X-Cache"] == "Miss from cloudfront"
        # The names of headers are CloudFront's, not in lower case.
        assert "Content-Type" in headers.keys() and "X-Amz-Cf-Id" in headers.keys()
        assert fetch(f"{edge}/page.html", f"{made['Id']}.localhost")[1]["X-Cache"] == "Hit from cloudfront"
        assert fetch(f"{edge}/page.html", "elsewhere.example.com")[0] == 403
        assert f"edge     {edge}" in server.log
        line = rf"GET {re.escape(host)}/page\.html 200 Miss {made['Id']} \* origin site \d+\.\d ms"
        wait_for(lambda: re.search(line, server.log), "the line of the request")
        health = json.load(DIRECT.open(server.admin + "/health"))
        assert health["edge"] == edge.partition("://")[2]
        metrics = DIRECT.open(server.admin + "/metrics").read().decode()
        assert 'keyfront_edge_requests_total{result="Hit"} 1' in metrics
        assert re.search(r'keyfront_edge_responses_total{status="4xx"} [1-9]', metrics)


def test_explain_shows_the_decisions_and_asks_no_origin(tmp_path, site):
    with running(tmp_path, "--origin", f"origin.example.com={site}") as server:
        [edge] = server.edges
        made = new_distribution(client(server, "cloudfront"))["Distribution"]
        fetch_new(f"{edge}/page.html", made["DomainName"])
        address = edge.partition("://")[2]
        url = f"http://{made['DomainName']}/other.html?a=b"
        explained = run("explain", url, "--edge", address, "-H", "User-Agent: a client")
        assert re.search(rf"^distribution +{made['Id']}$", explained.stdout, re.MULTILINE), explained
        assert re.search(r"^behavior +\*$", explained.stdout, re.MULTILINE)
        decisions = json.loads(run("--output", "json", "explain", url, "--edge", address).stdout)
        assert decisions["distribution"] == made["Id"] and decisions["origin"] == "site"
        metrics = DIRECT.open(server.admin + "/metrics").read().decode()
        assert "keyfront_edge_origin_requests_total 1\n" in metrics
        local = run("explain", f"http://{made['Id']}.localhost:{address.rpartition(':')[2]}/")
        assert made["Id"] in local.stdout, local
        # What the viewer's protocol and method change: no request comes over HTTPS, none is a HEAD.
        secure = new_distribution(
            client(server, "cloudfront"), DefaultCacheBehavior=behavior(ViewerProtocolPolicy="redirect-to-https")
        )["Distribution"]["DomainName"]
        told = ["--output", "json", "explain", f"http://{secure}/a", "--edge", address]
        wait_for(lambda: "distribution" in json.loads(run(*told).stdout), "it is not served")
        for scheme, method, status, target in [
            ("http", "GET", 301, None), ("https", "GET", None, "GET /a"), ("https", "HEAD", None, "HEAD /a"),
        ]:
            asked = ["explain", f"{scheme}://{secure}/a", "--method", method, "--edge", address]
            decisions = json.loads(run("--output", "json", *asked).stdout)
            assert (decisions.get("status"), decisions.get("target")) == (status, target), (scheme, method)
        # The API serves no distributions.
        other = run("explain", url, "--edge", server.endpoint.partition("://")[2])
        assert other.returncode == 1 and "explains nothing" in other.stderr


def test_without_an_edge_only_the_api_answers(tmp_path):
    with running(tmp_path, "--no-edge") as server:
        assert server.edges == [] and "edge  " not in server.log
        assert "edge" not in json.load(DIRECT.open(server.admin + "/health"))


def test_https_has_certificates_of_the_local_authority_as_the_distribution_says(tmp_path, site):
    authority = tmp_path / "authority"
    arguments = ["--edge-tls", "127.0.0.1:0", "--ca-folder", authority, "--origin", f"origin.example.com={site}"]
    with running(tmp_path, *arguments) as server:
        _, secure = server.edges
        control = client(server, "cloudfront")
        new = new_distribution(control)["Distribution"]["DomainName"]
        old = new_distribution(control, HttpVersion="http1.1")["Distribution"]["DomainName"]
        path = run("ca", "path", "--ca-folder", authority).stdout.strip()
        context = ssl.create_default_context(cafile=path)
        context.set_alpn_protocols(["h2", "http/1.1"])
        port = int(secure.rpartition(":")[2])
        for host, agreed in [(new, "h2"), (old, "http/1.1"), ("localhost", "h2")]:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
                with context.wrap_socket(plain, server_hostname=host) as connection:
                    assert connection.selected_alpn_protocol() == agreed, host
        # No other program trusts the authority before it is told to.
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
            with pytest.raises(ssl.SSLCertVerificationError):
                ssl.create_default_context().wrap_socket(plain, server_hostname=new)


def test_the_authority_is_made_once_and_its_key_stays(tmp_path):
    folder = tmp_path / "authority"
    first = run("ca", "export", "--ca-folder", folder).stdout
    assert first.startswith("-----BEGIN CERTIFICATE-----") and "PRIVATE" not in first
    assert run("ca", "export", KEYFRONT_CA_FOLDER=str(folder)).stdout == first
    assert (folder / "authority.key").stat().st_mode & 0o777 == 0o600
    assert run("ca", "path", XDG_DATA_HOME=str(tmp_path)).stdout.strip() == f"{tmp_path}/keyfront/authority.pem"


def test_requests_are_logged_in_the_services_formats(tmp_path, site):
    logs, settings = tmp_path / "logs", tmp_path / "keyfront.toml"
    settings.write_text(f'[edge.logs]\nfolder = "{logs}"\ncomplete_every_seconds = 1\n')
    with running(tmp_path, "--config", settings, "--origin", f"origin.example.com={site}") as server:
        control = client(server, "cloudfront")
        fields = ["timestamp", "cs-method", "cs-uri-stem", "sc-status", "cs-user-agent"]
        realtime = control.create_realtime_log_config(
            EndPoints=[STREAM], Fields=fields, Name="now", SamplingRate=100
        )["RealtimeLogConfig"]["ARN"]
        logging = {
            "Enabled": True, "IncludeCookies": False, "Bucket": "access.s3.amazonaws.com", "Prefix": "site"
        }
        made = new_distribution(
            control, Logging=logging, DefaultCacheBehavior=behavior(RealtimeLogConfigArn=realtime)
        )["Distribution"]
        fetch_new(f"{server.edges[0]}/page.html?a=%20b", made["DomainName"], **{"User-Agent": "a client"})
        written = wait_for(lambda: list(logs.glob("access/site/*.gz")), "a complete file of the standard log")
        live = wait_for(lambda: list(logs.glob("realtime/now/*.jsonl")), "a line of the real-time log")
    name = rf"{made['Id']}\.\d{{4}}-\d\d-\d\d-\d\d\.[0-9a-f]{{8}}\.gz"
    assert re.fullmatch(name, written[0].name)
    version, head, line = gzip.decompress(written[0].read_bytes()).decode().splitlines()
    assert version == "#Version: 1.0"
    values = dict(zip(head.removeprefix("#Fields: ").split(" "), line.split("\t"), strict=True))
    assert len(values) == 33
    expected = {
        "cs-method": "GET", "cs(Host)": made["DomainName"], "cs-uri-stem": "/page.html", "sc-status": "200",
        "cs(User-Agent)": "a%20client", "cs-uri-query": "a=%2520b", "x-edge-result-type": "Miss",
        "c-ip": "127.0.0.1", "cs-protocol": "http", "sc-content-len": "15",
    }
    assert values == {**values, **expected}
    record = json.loads(live[0].read_text())
    assert set(record) == set(fields) and record["cs-user-agent"] == "a%20client"


def test_a_port_can_lead_to_a_distribution_and_a_proxy_can_name_the_viewer(tmp_path, site):
    data = tmp_path / "data"
    with running(tmp_path, "--data", data, "--origin", f"origin.example.com={site}") as server:
        made = new_distribution(client(server, "cloudfront"))["Distribution"]
        # A second one, so that the first is not found for being the only one.
        new_distribution(client(server, "cloudfront"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = tmp_path / "keyfront.toml"
    settings.write_text(
        f'[edge]\nviewer_country = "US"\ntrusted_proxies = ["127.0.0.0/8"]\n[edge.ports]\n{port} = "{made["Id"]}"\n'
    )
    arguments = ["--data", data, "--config", settings, "--origin", f"origin.example.com={site}"]
    with running(tmp_path, *arguments) as server:
        assert fetch_new(f"http://127.0.0.1:{port}/page.html", f"127.0.0.1:{port}")[0] == 200
        assert fetch(f"{server.edges[0]}/page.html", "127.0.0.1")[0] == 403


def test_serve_has_an_edge_where_it_is_told_so(tmp_path):
    for edge, said in [("[edge]\nenabled = true\nlisten = '127.0.0.1:0'\n", True), ("", False)]:
        data, settings = tmp_path / f"data-{said}", tmp_path / "keyfront.toml"
        addresses = "[server]\nlisten = '127.0.0.1:0'\n[admin]\nlisten = '127.0.0.1:0'\n"
        settings.write_text(f"{addresses}[store]\ndata = '{data}'\n{edge}")
        policy = tmp_path / "policy.json"
        policy.write_text('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}')
        created = run(
            "credentials", "create", "--config", settings, "--account", keyfront.ACCOUNT, "--user", "u",
            "--policy", policy,
        )
        assert created.returncode == 0, created.stderr
        server = keyfront.Server(tmp_path / "serve.log", "serve", "--config", settings)
        try:
            assert (len(server.edges) == 1) == said
        finally:
            assert server.stop() == 0


def test_mistakes_in_the_settings_are_named(tmp_path):
    for argument, words in [
        ("--origin=api.example.com", "NAME=URL"),
        ("--origin=api.example.com=localhost:3000", "http://HOST:PORT"),
        ("--edge=4702", "an IP address and a port"),
    ]:
        failed = run("dev", "--ephemeral", argument)
        assert failed.returncode == 2 and words in failed.stderr, failed.stderr
    both = run("dev", "--ephemeral", "--no-edge", "--edge", "127.0.0.1:0")
    assert both.returncode == 2 and "cannot be used with" in both.stderr
