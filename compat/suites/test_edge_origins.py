"""Origins behind the edge: what they are asked, failover, buckets, encrypted fields, WebSockets, logs."""

import base64
import contextlib
import gzip
import threading
import urllib.parse

import pytest
import websockets.exceptions
from websockets.sync.client import connect
from websockets.sync.server import serve

import keys
from clients import unique_name, wait_for
from distributions import CACHING_DISABLED, behavior, bucket_origin, counted
from edge import DEAD, http_origin, unique_path
from test_encryption_sdk import KEY_NAME, PROVIDER, sdk_decrypt

ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_METHODS = {
    **counted("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"), "CachedMethods": counted("GET", "HEAD"),
}
FORM = "application/x-www-form-urlencoded"

SECURE = {"X-Forwarded-Proto": "https"}

SETTINGS = """
[edge]
trusted_proxies = ["127.0.0.1"]

[edge.logs]
folder = "{folder}/logs"
complete_every_seconds = 1
"""


def access_control(control, behavior="always"):
    made = control.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": unique_name("access"), "SigningProtocol": "sigv4", "SigningBehavior": behavior,
            "OriginAccessControlOriginType": "s3",
        }
    )
    return made["OriginAccessControl"]["Id"]


def group(*codes, members=("first", "second")):
    """Members of a configuration with an origin group of two origins."""
    return {
        "OriginGroups": counted({
            "Id": "both", "FailoverCriteria": {"StatusCodes": counted(*codes)},
            "Members": counted(*({"OriginId": member} for member in members)),
        }),
        "DefaultCacheBehavior": behavior("both"),
    }


def test_an_origin_is_asked_with_its_path_headers_and_host(edge):
    own = counted({"HeaderName": "X-Secret", "HeaderValue": "s3cret"})
    site = edge.new_site(Origins=counted(http_origin(OriginPath="/site", CustomHeaders=own)))
    path = unique_path()
    edge.origin.serve(b"page", f"/site{path}")
    site.get(path, {"X-Secret": "guess", "Connection": "keep-alive, X-Hop", "X-Hop": "1", "Proxy-Authorization": "x"})
    (asked,) = edge.origin.asked_for(f"/site{path}")
    assert asked.headers["host"] == "origin.example.com" and asked.headers["x-secret"] == "s3cret"
    assert asked.headers["x-forwarded-for"] == "127.0.0.1" and len(asked.headers["x-amz-cf-id"]) == 56
    assert asked.headers["via"].startswith("1.1 ") and asked.headers["via"].endswith("(CloudFront)")
    assert not {"x-hop", "proxy-authorization", "te", "x-keyfront-trace"} & set(asked.headers)


@pytest.mark.parametrize("first, codes, served", [
    ("dead", (503, 500), "second"), ("dead", (500,), 502), (500, (500,), "second"), (404, (404, 403), "second"),
    (500, (502,), 500), (404, (500,), 404), (200, (500,), "first"),
])
def test_the_second_origin_of_a_group_answers_where_the_first_fails(edge, first, codes, served):
    site = edge.new_site(
        Origins=counted(
            http_origin("first", DomainName=DEAD if first == "dead" else "origin.example.com"),
            http_origin("second", DomainName="spare.example.com"),
        ),
        **group(*codes),
    )

    def answer(asked):
        if asked.headers["host"] == "spare.example.com":
            return 200, {}, b"second"
        return first, {}, b"first"

    path = edge.origin.serve(answer)
    found = site.get(path)
    assert (found.text if found.status == 200 else found.status) == served


def test_requests_that_change_something_are_not_made_twice(edge):
    config = group(500)
    site = edge.new_site(
        Origins=counted(http_origin("first"), http_origin("second", DomainName="spare.example.com")),
        CacheBehaviors=counted(behavior("first", PathPattern="/form/*", AllowedMethods=ALL_METHODS)), **config,
    )
    path = edge.origin.serve(lambda asked: (500, {}, b"broken"), "/form/" + unique_name("x"))
    assert site.send("POST", path, body=b"a=1").status == 500
    assert len(edge.origin.asked_for(path)) == 1


def test_a_folder_is_a_private_bucket(edge):
    (edge.bucket / "docs").mkdir()
    (edge.bucket / "docs/index.html").write_text("<h1>from the bucket</h1>")
    (edge.bucket / "große datei.txt").write_text("umlaut")
    signed = edge.new_site(
        Origins=counted(bucket_origin(OriginAccessControlId=access_control(edge.control), OriginPath="/docs")),
        DefaultCacheBehavior=behavior("pages"), DefaultRootObject="index.html",
    )
    for path, status, text in [
        ("/", 200, "<h1>from the bucket</h1>"), ("/nothing", 403, "AccessDenied"), ("/../x", 403, ""),
    ]:
        answer = signed.get(path)
        assert answer.status == status and text in answer.text, (path, answer)
    answer = signed.get("/index.html", {"Range": "bytes=4-7"})
    assert (answer.status, answer.text, answer.headers["server"]) == (206, "from", "AmazonS3")
    assert answer.headers["content-type"] == "text/html"
    other = edge.new_site(
        Origins=counted(bucket_origin(OriginAccessControlId=access_control(edge.control))),
        DefaultCacheBehavior=behavior("pages"),
    )
    assert other.get("/" + urllib.parse.quote("große datei.txt")).text == "umlaut"
    unsigned = edge.new_site(Origins=counted(bucket_origin()), DefaultCacheBehavior=behavior("pages"))
    assert unsigned.get("/docs/index.html").status == 403
    never = edge.new_site(
        Origins=counted(bucket_origin(OriginAccessControlId=access_control(edge.control, "never"))),
        DefaultCacheBehavior=behavior("pages"),
    )
    assert never.get("/docs/index.html").status == 403


def test_the_encryption_sdk_decrypts_what_an_origin_received(edge):
    control = edge.control
    config = keys.public_key_config(KEY_NAME)
    key = control.create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"]
    entity = {"PublicKeyId": key, "ProviderId": PROVIDER, **keys.listed(FieldPatterns=["Card*", "Phone"])}
    config = keys.encryption_config(keys.new_profile(control, entity))
    made = control.create_field_level_encryption_config(FieldLevelEncryptionConfig=config)
    site = edge.new_site(
        DefaultCacheBehavior=behavior(
            ViewerProtocolPolicy="https-only", AllowedMethods=ALL_METHODS, CachePolicyId=CACHING_DISABLED,
            FieldLevelEncryptionId=made["FieldLevelEncryption"]["Id"], OriginRequestPolicyId=ALL_VIEWER,
        ),
        Origins=counted(http_origin(custom={"OriginProtocolPolicy": "https-only"})),
    )
    body = b"Name=Jane+Doe&CardNumber=4111+1111&Phone=%2B49"
    path = edge.origin.serve(b"thanks")
    assert site.send("POST", path, {"Content-Type": FORM, **SECURE}, body).text == "thanks"
    (asked,) = edge.origin.asked_for(path)
    assert int(asked.headers["content-length"]) == len(asked.body)
    received = dict(urllib.parse.parse_qsl(asked.body.decode()))
    assert received["Name"] == "Jane Doe"
    for name, value in [("CardNumber", "4111 1111"), ("Phone", "+49")]:
        text, header = sdk_decrypt(base64.b64decode(received[name], validate=True))
        assert text.decode() == value
        (data_key,) = header.encrypted_data_keys
        assert (data_key.key_provider.provider_id, data_key.key_provider.key_info) == (PROVIDER, KEY_NAME.encode())
    # ForwardWhenContentTypeIsUnknown is false.
    assert site.send("POST", path, {"Content-Type": "text/plain", **SECURE}, body).status == 400
    assert len(edge.origin.asked_for(path)) == 1


@pytest.fixture(scope="module")
def further_origins():
    """A WebSocket server that says everything twice."""

    def echo(connection):
        with contextlib.suppress(websockets.exceptions.ConnectionClosed):
            for message in connection:
                connection.send(message * 2)

    with serve(echo, "127.0.0.1", 0, compression=None) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {"sockets.example.com": f"http://127.0.0.1:{server.socket.getsockname()[1]}"}
        server.shutdown()


def test_web_sockets_pass_both_ways(edge):
    site = edge.new_site(
        Origins=counted(http_origin(DomainName="sockets.example.com")),
        DefaultCacheBehavior=behavior(CachePolicyId=CACHING_DISABLED, OriginRequestPolicyId=ALL_VIEWER),
    )
    with connect(f"ws://{site.domain}/chat", sock=edge.connection(), compression=None) as viewer:
        for message in ["hello", b"\x00\x01", "x" * 100_000]:
            viewer.send(message)
            assert viewer.recv(timeout=10) == message * 2
    # An origin that does not agree is answered for as any other.
    path = edge.origin.serve(lambda asked: (403, {}, b"no sockets here"))
    answer = edge.new_site().get(path, {"Connection": "Upgrade", "Upgrade": "websocket"})
    assert (answer.status, answer.text) == (403, "no sockets here")


def test_standard_logs_are_files_in_a_folder(edge):
    logged = {"Enabled": True, "IncludeCookies": True, "Bucket": "logs.s3.amazonaws.com", "Prefix": "site/"}
    site = edge.new_site(Logging=logged)
    path = edge.origin.serve(b"page")
    site.get(f"{path}?q=1", {"User-Agent": "a test", "Cookie": "c=1", "Referer": "https://r.example/"})
    site.get(path)
    folder = edge.bucket.parent / "logs"

    def lines():
        found = []
        for file in sorted(folder.rglob("*.gz")):
            if site.id in file.name:
                found += gzip.decompress(file.read_bytes()).decode().splitlines()
        entries = [line.split("\t") for line in found if not line.startswith("#")]
        fields = next((line for line in found if line.startswith("#Fields: ")), "").split(" ")[1:]
        entries = [dict(zip(fields, entry, strict=True)) for entry in entries]
        entries = [entry for entry in entries if entry["cs-method"] == "GET"]
        return entries if len(entries) == 2 else None

    first, second = wait_for(lines, "the log is not written", 20)
    assert (first["cs-uri-stem"], first["cs-uri-query"], first["sc-status"]) == (path, "q=1", "200")
    assert (first["x-edge-result-type"], second["x-edge-result-type"]) == ("Miss", "Hit")
    sent = [first[f"cs({name})"] for name in ("User-Agent", "Cookie", "Referer")]
    assert sent == ["a%20test", "c=1", "https://r.example/"]
    assert (first["c-ip"], first["x-host-header"], first["cs-protocol"]) == ("127.0.0.1", site.domain, "http")
    assert all("logs/site/" in str(file.relative_to(folder.parent)) for file in folder.rglob("*.gz"))
