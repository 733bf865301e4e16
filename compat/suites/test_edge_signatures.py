"""Signed URLs and signed cookies at the edge, with the signers that people use."""

import re

import pytest

import keys
import signing
from clients import unique_name, wait_for
from distributions import behavior, counted
from edge import http_origin

# Long after every test; the edge has a clock of its own.
LATER = 4_102_444_800
PAST = 1_600_000_000


def upload(control, key):
    """Uploads the public half of a key pair and takes the id that it gets."""
    config = {"CallerReference": unique_name("key"), "Name": unique_name("key"), "EncodedKey": key.public.read_text()}
    key.id = control.create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"]
    return key


@pytest.fixture(scope="module")
def pairs(edge, tmp_path_factory):
    """A key pair of each kind, whose public halves are in one key group."""
    pairs = signing.new_keys(tmp_path_factory.mktemp("keys"))
    return {kind: upload(edge.control, key) for kind, key in pairs.items()}


@pytest.fixture(scope="module")
def group(edge, pairs):
    return keys.new_key_group(edge.control, [key.id for key in pairs.values()])


@pytest.fixture(scope="module")
def site(edge, group):
    """Everything but /open/* needs a signature."""
    trusted = {"TrustedKeyGroups": {"Enabled": True, **counted(group)}}
    return edge.new_site(
        DefaultCacheBehavior=behavior(**trusted), CacheBehaviors=counted(behavior(PathPattern="/open/*"))
    )


def swapped(found):
    """Another first character of a signature."""
    return found[0][:-1] + ("B" if found[0].endswith("A") else "A")


def get(site, url):
    """Fetches a whole URL from the site, whatever its host is called."""
    return site.get(url.removeprefix(f"http://{site.domain}"))


def target_of(site, key, path, expires=LATER):
    """Path and query that botocore signs."""
    return key.signer().generate_presigned_url(site.url(path), signing.date(expires)).removeprefix(site.url(""))


def cookies(site, key, path="/*", expires=LATER):
    """The cookies that CloudFrontSigner's policy makes, as the guide has them."""
    signer = key.signer()
    policy = signer.build_policy(site.url(path), signing.date(expires))
    signature = signing.encode(key.sign(policy.encode()))
    names = {"Policy": signing.encode(policy.encode()), "Signature": signature, "Key-Pair-Id": key.id}
    return {"Cookie": "; ".join(f"CloudFront-{name}={value}" for name, value in names.items())}


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_url_signed_by_botocore_is_served_and_its_parameters_go_no_further(edge, site, pairs, kind):
    path = edge.origin.serve(b"film")
    url = pairs[kind].signer().generate_presigned_url(site.url(f"{path}?quality=high"), signing.date(LATER))
    answer = get(site, url)
    assert (answer.status, answer.text) == (200, "film")
    (asked,) = edge.origin.asked_for(path)
    # CachingOptimized forwards no query string at all.
    assert asked.target == path


def test_another_signature_of_the_same_object_is_a_hit(edge, site, pairs):
    path = edge.origin.serve(b"film")
    caches = []
    for key in pairs.values():
        for expires in [LATER, LATER + 1]:
            caches.append(get(site, key.signer().generate_presigned_url(site.url(path), signing.date(expires))).cache)
    assert caches == ["Miss", "Hit", "Hit", "Hit"]


def test_a_url_signed_by_the_sdk_for_javascript_is_served(edge, site, pairs):
    sign = signing.node_signer()
    path = edge.origin.serve(b"film")
    key = pairs["rsa"]
    (url,) = sign([{
        "input": {
            "url": site.url(path), "keyPairId": key.id, "privateKey": key.private.read_text(),
            "dateLessThan": signing.date(LATER).isoformat(),
        }
    }])
    assert get(site, url).text == "film"


def test_without_a_valid_signature_there_is_403_and_the_origin_is_not_asked(edge, site, pairs, tmp_path):
    key, stranger = pairs["rsa"], signing.Key(tmp_path / "stranger", "rsa")
    path, other = edge.origin.serve(b"film"), edge.origin.serve(b"other")
    url = key.signer().generate_presigned_url(site.url(path), signing.date(LATER))
    own = f"{path}?{url.partition('?')[2]}"
    # Codes as the service answers them.
    for target, code in [
        (path, "MissingKey"),
        (own.replace(path, other), "AccessDenied"),
        (re.sub("Signature=.", swapped, own), "AccessDenied"),
        (own.replace("Signature=", "Signature=A"), "MalformedSignature"),
        (own.replace(f"Expires={LATER}", f"Expires={LATER + 1}"), "AccessDenied"),
        (own.replace(key.id, "K00000000000"), "InvalidKey"),
        (target_of(site, stranger, path), "InvalidKey"),
        (target_of(site, key, path, PAST), "AccessDenied"),
        (own + "&Policy=e30_", None),
        (own + f"&Key-Pair-Id={key.id}", None),
    ]:
        answer = site.get(target)
        assert (answer.status, answer.headers["content-type"]) == (403, "text/xml"), target
        if code:
            assert f"<Code>{code}</Code>" in answer.text, (target, answer.text)
    assert not edge.origin.asked_for(path) and not edge.origin.asked_for(other)


def test_signed_cookies_open_what_their_policy_names(edge, site, pairs):
    path = edge.origin.serve(b"segment", "/films/1/segment.ts")
    elsewhere = edge.origin.serve(b"segment", "/films/2/segment.ts")
    good = cookies(site, pairs["rsa"], "/films/1/*")
    assert site.get(path, good).text == "segment"
    assert site.get(elsewhere, good).status == 403
    assert site.get(path, cookies(site, pairs["rsa"], "/films/1/*", PAST)).status == 403
    assert site.get(path, {"Cookie": good["Cookie"].replace("Signature=", "Signature=A")}).status == 403
    assert site.get(path, {"Cookie": f"other=1; {good['Cookie']}; last=2"}).status == 200
    assert "cookie" not in edge.origin.asked_for(path)[0].headers


def test_the_programs_own_signer_opens_the_edge(edge, site, pairs):
    path = edge.origin.serve(b"film")
    for kind, key in pairs.items():
        url = signing.printed("sign", "url", site.url(path), "--expires", "1h", *key.arguments)
        assert get(site, url).text == "film", kind


@pytest.mark.parametrize("path", [
    "/open/../vault", "/open/%2e%2e/vault", "/open/./../vault", "/open/.%2e/vault", "/open//../../vault",
    "/open/../vault%00", "//vault", "/./vault", "/%2fvault", "/vault?", "/vault/", "/%6fpen/../vault", "/OPEN/vault",
])
def test_no_spelling_of_a_path_passes_by_the_signature(edge, site, path):
    answer = site.get(path)
    assert (answer.status, "<Code>MissingKey</Code>" in answer.text) == (403, True)
    assert not edge.origin.asked_for(path.partition("?")[0])


@pytest.mark.parametrize("path", ["/open/..%2fvault", "/open/..\\vault", "/open/..;/vault", "/%6fpen/vault"])
def test_what_is_open_by_its_normal_form_reaches_the_origin_as_it_was_sent(edge, site, path):
    # By RFC 3986, 6.2.2, an encoded slash stays text, and dot segments are `.` and `..` alone. The origin gets the path as
    # the viewer wrote it, so an origin that reads it otherwise sees what it gives away.
    assert site.get(path, {"x-keyfront-trace": "1"}).trace["behavior"] == "/open/*"
    assert [asked.target for asked in edge.origin.asked_for(path)] == [path]


def test_keys_are_rotated_without_an_outage(edge, tmp_path):
    control = edge.control
    old, new = (upload(control, signing.Key(tmp_path / name, "rsa")) for name in ("old", "new"))
    name = unique_name("rotated")
    group = keys.new_key_group(control, [old.id], name)
    trusted = {"TrustedKeyGroups": {"Enabled": True, **counted(group)}}
    site = edge.new_site(DefaultCacheBehavior=behavior(**trusted), Origins=counted(http_origin()))
    path = edge.origin.serve(b"film")

    def status(key):
        return get(site, key.signer().generate_presigned_url(site.url(path), signing.date(LATER))).status

    def trust(*trusted):
        held = control.get_key_group(Id=group)
        config = {"Name": name, "Items": [key.id for key in trusted]}
        control.update_key_group(Id=group, IfMatch=held["ETag"], KeyGroupConfig=config)

    assert (status(old), status(new)) == (200, 403)
    trust(old, new)
    wait_for(lambda: status(old) == 200 and status(new) == 200, "the new key does not count", 1)
    trust(new)
    wait_for(lambda: status(new) == 200 and status(old) == 403, "the old key counts still", 1)


def test_a_denial_is_a_document_with_code_and_message(edge, site):
    answer = site.get("/x")
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?><Error>')
    assert "<Message>Missing Key-Pair-Id query parameter or cookie value</Message>" in answer.text
