"""`keyfront sign` and `keyfront verify`, against the real signers and verifiers in both directions."""

import json
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from keys import new_key_group, pem
from server import PATIENCE, ROOT, clean_environment, run_with
from signing import (
    BEFORE, EXPIRES, canned, date, decode, encode, joined, keyfront, new_keys, node_signer, printed, verify,
)

URL = "https://d111111abcdef8.cloudfront.net/images/a%20b.jpg?size=large&color=red"
HOST = "https://d111111abcdef8.cloudfront.net"
WILDCARD = f"{HOST}/images/*"
KINDS = ("rsa", "ecdsa")
HASHES = ("sha1", "sha256")


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return new_keys(tmp_path_factory.mktemp("keys"))


def parameters(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


def sign(key, *arguments, url=URL, what="url", **more):
    return printed("sign", what, url, *key.arguments, *arguments, **more)


# Real signers, verified here.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hash", HASHES)
def test_what_botocore_signs_is_verified(keys, kind, hash):
    key = keys[kind]
    signer = key.signer(hash)
    policy = signer.build_policy(WILDCARD, date(), date(EXPIRES - 100), "192.0.2.0/24")
    for signed, what in [
        (signer.generate_presigned_url(URL, date_less_than=date()), "canned"),
        (signer.generate_presigned_url(URL, policy=policy), "custom"),
    ]:
        signed += "&Hash-Algorithm=SHA256" if hash == "sha256" else ""
        found = verify(signed, key)
        assert found["Served"] and found["Refusals"] == []
        signature = found["Signature"]
        assert (signature["Form"], signature["Policy"], signature["KeyPairId"]) == ("url", what, key.id)
        assert (signature["HashAlgorithm"], signature["ValidUntil"]) == (hash.upper(), "2026-01-01T18:00:00Z")
        assert found["OriginTarget"] == "/images/a%20b.jpg?size=large&color=red"
    assert signature["Resource"] == WILDCARD and signature["Addresses"] == "192.0.2.0/24"
    assert signature["ValidAfter"] == "2026-01-01T17:58:20Z"


@pytest.mark.parametrize("options", [(), ("--date-greater-than", "2025-12-31"), ("--ip-address", "192.0.2.7")])
def test_what_the_aws_cli_signs_is_verified(keys, empty_server, tmp_path, options):
    key = keys["rsa"]
    pkcs1 = tmp_path / "pkcs1.pem"
    pkcs1.write_bytes(key.secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption(),
    ))
    command = [
        Path(sys.executable).parent / "aws", "cloudfront", "sign", "--url", URL, "--key-pair-id", key.id,
        "--private-key", f"file://{pkcs1}", "--date-less-than", "2026-01-01T18:00:00Z", *options,
    ]
    answer = run_with(empty_server, command)
    assert answer.returncode == 0, answer.stderr
    found = verify(answer.stdout.strip(), key)
    assert found["Served"] and found["Signature"]["Policy"] == ("custom" if options else "canned")


def test_what_the_sdk_for_javascript_signs_is_verified(keys):
    sign = node_signer()
    policy = json.dumps({"Statement": [{
        "Resource": WILDCARD, "Condition": {"DateLessThan": {"AWS:EpochTime": EXPIRES}},
    }]})
    terms = [
        {"url": URL, "dateLessThan": "2026-01-01T18:00:00Z"},
        {"url": URL, "dateLessThan": EXPIRES * 1000, "dateGreaterThan": "2025-12-31", "ipAddress": "192.0.2.0/24"},
        {"url": URL, "policy": policy},
    ]
    cases = [
        {"cookies": cookies, "input": {
            **term, "keyPairId": key.id, "privateKey": key.private.read_text(), "algorithm": hash.upper(),
        }}
        for key in keys.values() for hash in HASHES for term in terms for cookies in (False, True)
    ]
    signed = sign(cases)
    assert len(signed) == len(cases) == 24
    for case, result in zip(cases, signed):
        key = next(key for key in keys.values() if key.id == case["input"]["keyPairId"])
        if case["cookies"]:
            header = "; ".join(f"{name}={value}" for name, value in result.items())
            found = verify(URL, key, "--cookie", header)
        else:
            found = verify(result, key)
        assert found["Signature"]["Form"] == ("cookies" if case["cookies"] else "url")
        assert found["Signature"]["HashAlgorithm"] == case["input"]["algorithm"]


# Signed here, verified from the documented bytes.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hash", HASHES)
def test_a_signed_url_holds_for_the_documented_bytes(keys, kind, hash):
    key = keys[kind]
    signed = sign(key, "--expires", EXPIRES, "--hash", hash)
    assert signed.startswith(f"{URL}&Expires={EXPIRES}&Signature=")
    sent = parameters(signed)
    assert sent["Key-Pair-Id"] == key.id
    assert sent.get("Hash-Algorithm") == (None if hash == "sha1" else "SHA256")
    key.check(decode(sent["Signature"]), canned(URL).encode(), hash)
    with pytest.raises(InvalidSignature):
        key.check(decode(sent["Signature"]), canned(URL + "x").encode(), hash)

    custom = sign(key, "--expires", EXPIRES, "--hash", hash, "--resource", WILDCARD, "--ip", "192.0.2.0/24",
                  "--starts", EXPIRES - 100)
    sent = parameters(custom)
    policy = decode(sent["Policy"])
    assert json.loads(policy) == {"Statement": [{"Resource": WILDCARD, "Condition": {
        "DateLessThan": {"AWS:EpochTime": EXPIRES},
        "DateGreaterThan": {"AWS:EpochTime": EXPIRES - 100},
        "IpAddress": {"AWS:SourceIp": "192.0.2.0/24"},
    }}]}
    assert b" " not in policy
    key.check(decode(sent["Signature"]), policy, hash)


def test_rsa_signatures_are_the_ones_that_botocore_makes(keys):
    key = keys["rsa"]
    assert sign(key, "--expires", EXPIRES) == key.signer().generate_presigned_url(URL, date_less_than=date())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["set-cookie", "cookie", "curl"])
def test_signed_cookies_are_verified_in_every_form_in_which_they_are_printed(keys, kind, form, tmp_path):
    key = keys[kind]
    for terms in (("--resource", WILDCARD), ()):
        text = sign(key, "--expires", EXPIRES, "--hash", "sha256", "--format", form, *terms, what="cookies")
        jar = tmp_path / "jar"
        jar.write_text(text + "\n")
        found = verify(URL, key, "--cookies", jar)
        assert found["Signature"]["Form"] == "cookies"
        assert verify(URL, key, "--cookies", "-", input=text) == found
        other = verify(f"{HOST}/images/other.jpg", key, "--cookies", jar, code=0 if terms else 40)
        assert other["Served"] == bool(terms)


def test_set_cookie_lines_are_what_a_browser_takes(keys):
    lines = sign(keys["rsa"], "--expires", EXPIRES, what="cookies").splitlines()
    names = [line.removeprefix("Set-Cookie: ").partition("=")[0] for line in lines]
    assert names == ["CloudFront-Expires", "CloudFront-Signature", "CloudFront-Key-Pair-Id"]
    assert all(line.endswith("; Path=/; Secure; HttpOnly") for line in lines)
    wide = sign(keys["rsa"], "--expires", EXPIRES, "--domain", "example.com", "--path", "/v", what="cookies")
    assert all(line.endswith("; Domain=example.com; Path=/v; Secure; HttpOnly") for line in wide.splitlines())
    plain = sign(keys["rsa"], "--expires", EXPIRES, what="cookies", url="http://h/a").splitlines()
    assert all("Secure" not in line for line in plain)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed: its cookie jar was not checked")
def test_curl_reads_the_jar(keys, tmp_path):
    seen = []

    class Origin(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.headers["Cookie"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Origin) as origin:
        threading.Thread(target=origin.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{origin.server_port}/images/a.jpg"
        jar = tmp_path / "jar"
        text = sign(keys["rsa"], "--expires", EXPIRES, "--format", "curl", url=url, what="cookies")
        jar.write_text(text + "\n")
        fetch = ["curl", "--silent", "--fail", "--noproxy", "*", "--cookie", jar, url]
        subprocess.run(fetch, check=True, timeout=PATIENCE, env=clean_environment())
        origin.shutdown()
    assert verify(url, keys["rsa"], "--cookie", seen[0])["Served"]


def test_a_policy_from_a_file_loses_its_white_space_and_nothing_else(keys, tmp_path):
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(json.loads(canned(f"{HOST}/images/*")), indent=2) + "\n")
    signed = sign(keys["rsa"], "--policy", file)
    assert decode(parameters(signed)["Policy"]).decode() == canned(f"{HOST}/images/*")
    assert verify(signed, keys["rsa"])["Served"]


def test_a_span_of_time_begins_now(keys):
    url = sign(keys["ecdsa"], "--expires", "1h", "--hash", "sha256")
    assert printed("verify", url, "--public-key", keys["ecdsa"].public).startswith("CloudFront would serve it.")
    late = printed("verify", url, "--public-key", keys["ecdsa"].public, "--at", "2h", code=50)
    assert "It expired 1 h ago" in late or "It expired 59 min" in late


# What is not signed.


@pytest.mark.parametrize("arguments, words", [
    (("--resource", f"{HOST}/videos/*"), "is not for this URL: the path does not match"),
    (("--resource", "x" * 8000), "TooLong|limit is"),
])
def test_a_signature_that_would_be_refused_is_not_printed(keys, arguments, words):
    answer = keyfront("sign", "url", URL, *keys["rsa"].arguments, "--expires", "1h", *arguments)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "nothing was signed, CloudFront would answer AccessDenied" in answer.stderr
    assert any(word in answer.stderr for word in words.split("|"))


@pytest.mark.parametrize("arguments, words", [
    (("--expires", f"{EXPIRES}000"), "looks like milliseconds"),
    (("--expires", f"{EXPIRES}000", "--resource", WILDCARD), "looks like milliseconds"),
])
def test_a_time_in_milliseconds_is_not_signed(keys, arguments, words):
    answer = keyfront("sign", "url", URL, *keys["rsa"].arguments, *arguments)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "nothing was signed, CloudFront would answer MalformedPolicy" in answer.stderr and words in answer.stderr


def test_percent_encoded_parameters_are_decoded_before_use(keys):
    """As npm's aws-cloudfront-sign writes them: `~` as `%7E`."""
    good = keys["rsa"].signer().generate_presigned_url(URL, date_less_than=date())
    for encoded in (good.replace("~", "%7E"), good.replace("_", "%5F").replace("-", "%2D").replace("Key%2DPair%2DId", "Key-Pair-Id")):
        answer = printed("verify", encoded, "--public-key", keys["rsa"].public, "--at", BEFORE)
        assert answer.startswith("CloudFront would serve it."), encoded


@pytest.mark.parametrize("url, words", [
    (HOST, "with the slash"),
    ("d111111abcdef8.cloudfront.net/a", "begins with http:// or https://"),
    (f"{HOST}/a?Expires=1", "CloudFront's own query parameters"),
    (f"{HOST}/a b", "percent-encode"),
    (f"{HOST}/a#b", "percent-encode"),
])
def test_a_url_that_cannot_be_signed_is_said(keys, url, words):
    answer = keyfront("sign", "url", url, *keys["rsa"].arguments, "--expires", "1h")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert words in answer.stderr


@pytest.mark.parametrize("file", ["public", "private"])
def test_a_key_in_place_of_its_id_is_said_and_not_shown(keys, file):
    key = keys["rsa"]
    text = getattr(key, file).read_text()
    answer = keyfront("sign", "url", URL, "--key-pair-id", text, "--private-key", key.private, "--expires", "1h")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "takes the id of the public key" in answer.stderr and text.splitlines()[1] not in answer.stderr


def test_a_time_that_is_over_or_has_not_come_is_signed_and_said(keys):
    answer = keyfront("sign", "url", URL, *keys["rsa"].arguments, "--expires", EXPIRES)
    assert answer.returncode == 0 and "it has expired: it was valid until 2026-01-01T18:00:00Z" in answer.stderr
    answer = keyfront("sign", "url", URL, *keys["rsa"].arguments, "--expires", "2h", "--starts", "1h")
    assert answer.returncode == 0 and "it is not valid yet" in answer.stderr


@pytest.mark.parametrize("arguments", [
    (), ("--expires", "soon"), ("--expires", "1h", "--policy", "p"), ("--expires", "1h", "--ip", "2001:db8::1"),
    ("--expires", "1h", "--ip", "nowhere"), ("--expires", "1h", "--hash", "md5"),
])
def test_conditions_that_cannot_be_understood_are_misuse(keys, arguments):
    assert keyfront("sign", "url", URL, *keys["rsa"].arguments, *arguments).returncode == 2


@pytest.mark.parametrize("content, words", [
    ("", "there is no private key here"), (pem("rsa-2048"), "there is no private key here"),
    ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot sign"),
])
def test_a_file_without_a_usable_private_key_is_said_and_not_shown(tmp_path, content, words):
    file = tmp_path / "key.pem"
    file.write_text(content)
    file.chmod(0o600)
    answer = keyfront("sign", "url", URL, "--key-pair-id", "K1", "--private-key", file, "--expires", "1h")
    assert answer.returncode == 1 and words in answer.stderr and str(file) in answer.stderr
    assert "AAAA" not in answer.stderr


def test_the_private_key_never_appears(keys):
    key = keys["rsa"]
    lines = [line for line in key.private.read_text().splitlines() if not line.startswith("-")]
    # A person who gives the key itself in place of its file.
    pasted = keyfront("sign", "url", URL, "--key-pair-id", "K1", "--private-key", key.private.read_text(),
                      "--expires", "1h")
    assert pasted.returncode == 1 and "takes the name of a file" in pasted.stderr
    uploaded = keyfront("keys", "create", "k", "--public-key", key.private)
    assert uploaded.returncode == 1 and "it is a private key" in uploaded.stderr
    used = keyfront("verify", URL, "--public-key", key.private)
    assert used.returncode == 1 and "it is a private key" in used.stderr
    for answer in (pasted, uploaded, used):
        assert not any(line in answer.stdout + answer.stderr for line in lines)


def test_a_private_key_that_others_can_read_is_said_and_used(keys, tmp_path):
    file = tmp_path / "mounted.pem"
    file.write_text(keys["rsa"].private.read_text())
    file.chmod(0o644)
    answer = keyfront("sign", "url", URL, "--key-pair-id", "K1", "--private-key", file, "--expires", "1h")
    assert answer.returncode == 0 and answer.stdout.startswith(URL)
    assert f"others can read {file} (mode 0644)" in answer.stderr
    file.chmod(0o600)
    answer = keyfront("sign", "url", URL, "--key-pair-id", "K1", "--private-key", file, "--expires", "1h")
    assert answer.stderr == ""


# What is refused, each with its exit code.


def refusals(keys):
    """Name, exit code, CloudFront's code, the URL, further arguments, and words of the explanation."""
    key = keys["rsa"]
    good = key.signer().generate_presigned_url(URL, date_less_than=date())
    sent = parameters(good)
    names = {"Expires": sent["Expires"], "Signature": sent["Signature"], "Key_Pair_Id": key.id}

    def with_(**changes):
        return joined(URL, **{name: value for name, value in {**names, **changes}.items() if value is not None})

    def custom(policy):
        text = policy.encode()
        return joined(URL, Policy=encode(text), Signature=encode(key.sign(text)), Key_Pair_Id=key.id)

    bare = canned(WILDCARD).replace("[", "").replace("]", "")
    from_one = canned(WILDCARD).replace("}}}]}", '},"IpAddress":{"AWS:SourceIp":"192.0.2.0/24"}}}]}')
    not_yet = canned(WILDCARD).replace("}}}]}", f'}},"DateGreaterThan":{{"AWS:EpochTime":{EXPIRES - 1}}}}}}}]}}')
    return [
        ("not-signed", 10, "MissingKey", URL, (), "not signed"),
        ("missing", 11, "MissingKey", with_(Key_Pair_Id=None), (), "Key-Pair-Id is missing"),
        ("missing", 11, "AccessDenied", with_(Signature=None), (), "Signature is missing"),
        ("missing", 11, "AccessDenied", with_(Expires=None), (), "neither Policy nor Expires"),
        ("repeated", 12, "AccessDenied", good + "&Expires=1", (), "Expires comes twice"),
        ("too-long", 13, "AccessDenied", with_(Signature="A" * 1100), (), "limit is 1024"),
        ("malformed-key-pair-id", 20, "MissingKey", with_(Key_Pair_Id="MII+/="), (), "not the id of a public key"),
        ("unknown-key", 21, "InvalidKey", good, ("--key-pair-id", "KOTHER"), "has the id KOTHER"),
        ("malformed-signature", 30, "MalformedSignature", with_(Signature="a+b/c="), (), "CloudFront's base64"),
        ("malformed-signature", 30, "MalformedSignature", with_(Signature=sent["Signature"][:-3]), (), "cut short"),
        ("undecodable-policy", 31, "MalformedPolicy", with_(Expires=None, Policy="%7B"), (), "percent-encoded"),
        ("malformed-policy", 32, "MalformedPolicy", custom('{"Statement":[]}'), (), "there is no statement"),
        ("malformed-policy", 32, "MalformedPolicy", custom(canned(URL, '"1"')), (), "AWS:EpochTime"),
        ("malformed-policy", 32, "MalformedPolicy", custom(canned(URL, f"{EXPIRES}000")), (), "looks like milliseconds"),
        ("malformed-policy", 32, "MalformedPolicy", custom(bare), (), "an array with one statement"),
        ("malformed-expires", 33, "MalformedPolicy", with_(Expires="tomorrow"), (), "whole seconds"),
        ("malformed-expires", 33, "MalformedPolicy", with_(Expires=f"{EXPIRES}000"), (), "looks like milliseconds"),
        ("unsupported-hash", 34, "AccessDenied", good + "&Hash-Algorithm=MD5", (), "SHA1 or SHA256"),
        ("wrong-signature", 40, "AccessDenied", good.replace("large", "small"), (), "changed after signing"),
        ("expired", 50, "AccessDenied", good, ("--at", str(EXPIRES + 11_520)), "It expired 3 h 12 min ago"),
        ("expired", 50, "AccessDenied", good, ("--at", str(EXPIRES)), "It expired 0 s ago"),
        ("not-yet-valid", 51, "AccessDenied", custom(not_yet), (), "not valid for another 1 s"),
        ("wrong-resource", 52, "AccessDenied", custom(canned(f"{HOST}/videos/*")), (), "is not /videos/*"),
        ("wrong-address", 53, "AccessDenied", custom(from_one), ("--ip", "198.51.100.1"), "at 192.0.2.0/24"),
        ("wrong-address", 53, "AccessDenied", custom(from_one), ("--ip", "2001:db8::1"), "only IPv4 addresses"),
    ]


def test_every_cause_of_a_refusal_has_its_exit_code_and_its_words(keys):
    seen = set()
    for name, exit_code, code, url, arguments, words in refusals(keys):
        at = () if "--at" in arguments else ("--at", BEFORE)
        command = ("verify", url, "--public-key", keys["rsa"].public, *at, *arguments)
        found = json.loads(printed(*command, "--output", "json", code=exit_code))
        first = found["Refusals"][0]
        assert (first["Cause"], first["ExitCode"], first["Code"], found["Code"]) == (name, exit_code, code, code)
        assert (found["Served"], found["Status"]) == (False, 403)
        assert words in json.dumps(first, ensure_ascii=False), first
        text = printed(*command, code=exit_code)
        assert text.startswith(f"CloudFront would refuse it: 403 {code}, ") and words in text
        # A signature opens what it signs: it is not repeated.
        signature = parameters(url).get("Signature", "")
        assert len(signature) < 20 or signature not in text
        seen.add((exit_code, name))
    help = printed("verify", "--help")
    documented = {(int(line.split()[0]), line.split()[1].rstrip(":"))
                  for line in help.splitlines() if line[:4].strip().isdigit() and ":" in line}
    assert documented == seen
    page = (ROOT / "docs/signed-urls.md").read_text(encoding="utf-8")
    assert {(int(code), name) for code, name in re.findall(r"^\| (\d+) \| `([a-z-]+)`:", page, re.MULTILINE)} == seen


def test_everything_that_is_wrong_is_listed_and_the_first_is_cloudfronts(keys):
    policy = canned(f"{HOST}/videos/*").replace("}}}]}", '},"IpAddress":{"AWS:SourceIp":"192.0.2.0/24"}}}]}').encode()
    url = joined(URL, Policy=encode(policy), Signature=encode(keys["rsa"].sign(policy + b"x")), Key_Pair_Id="KRSA")
    found = verify(url, keys["rsa"], "--ip", "198.51.100.1", at=str(EXPIRES + 1), code=40)
    causes = [refusal["Cause"] for refusal in found["Refusals"]]
    assert causes == ["wrong-signature", "expired", "wrong-resource", "wrong-address"]


@pytest.mark.parametrize("signed, words", [
    (canned(URL.replace("https", "http")), "for the same URL with the other protocol"),
    (canned(URL.partition("?")[0]), "for the URL without its query"),
    (json.dumps(json.loads(canned(URL))), "with white space in the policy"),
    (canned(URL, f'"{EXPIRES}"'), "with the time in quotation marks"),
    (canned(URL) + "\n", "with a line end behind the policy"),
])
def test_a_wrong_signature_shows_what_was_expected_and_what_was_signed(keys, signed, words):
    for key in keys.values():
        url = joined(URL, Expires=EXPIRES, Signature=encode(key.sign(signed.encode())), Key_Pair_Id=key.id)
        text = printed("verify", url, "--public-key", key.public, "--at", BEFORE, code=40)
        assert canned(URL) in text and f"it was made {words}" in text
        assert signed.strip() in text


def test_a_signature_in_a_foreign_form_is_recognized(keys):
    text = canned(URL).encode()
    rsa, ecdsa = keys["rsa"], keys["ecdsa"]
    pss = rsa.secret.sign(text, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    r, s = decode_dss_signature(ecdsa.sign(text, "sha256"))
    fixed = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    for key, signature, words in [(rsa, pss, "PSS padding"), (ecdsa, fixed, "two numbers side by side")]:
        url = joined(URL, Expires=EXPIRES, Signature=encode(signature), Key_Pair_Id=key.id, Hash_Algorithm="SHA256")
        found = verify(url, key, code=40)
        assert words in found["Refusals"][0]["Details"][-1]
    # SHA-256 that does not say so.
    url = joined(URL, Expires=EXPIRES, Signature=encode(rsa.sign(text, "sha256")), Key_Pair_Id=rsa.id)
    assert "with SHA256, which Hash-Algorithm must say" in verify(url, rsa, code=40)["Refusals"][0]["Details"][-1]


@pytest.mark.parametrize("pattern, url, section", [
    ("http://*/images/*", URL, "protocol"), (f"{HOST}:444/*", URL, "domain"), (f"{HOST}/images/?.jpg", URL, "path"),
    (HOST + r"/images/*\?size=small*", URL, "query"), (f"{HOST}/images/a.jpg", f"{HOST}/images/a.jpg?x=1", "query"),
])
def test_the_part_of_the_pattern_that_does_not_match_is_named(keys, pattern, url, section):
    key = keys["rsa"]
    policy = canned(pattern.replace("\\", "\\\\")).encode()
    signed = joined(url, Policy=encode(policy), Signature=encode(key.sign(policy)), Key_Pair_Id=key.id)
    refusal = verify(signed, key, code=52)["Refusals"][0]
    assert refusal["What"] == f"Its policy is for other URLs: the {section} does not match."
    assert pattern in refusal["Details"][0] and url in refusal["Details"][1]


# Keys that are trusted by a group.


@pytest.fixture(scope="module")
def uploaded(control, keys):
    """The ids of both keys. One is in the group "web", the other in "internal", a third in none."""
    ids = {}
    for kind, text in [*((kind, key.public.read_text()) for kind, key in keys.items()), ("idle", pem("rsa-2048"))]:
        config = {"CallerReference": kind, "Name": f"{kind}-key", "EncodedKey": text}
        ids[kind] = control.create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"]
    new_key_group(control, [ids["rsa"]], "web")
    new_key_group(control, [ids["ecdsa"]], "internal")
    return ids


def test_the_keys_of_a_group_are_asked_for(server, keys, uploaded):
    for kind, group in (("rsa", "web"), ("ecdsa", "internal")):
        key = keys[kind]
        url = printed("sign", "url", URL, "--key-pair-id", uploaded[kind], "--private-key", key.private,
                      "--expires", "1h")
        text = printed("verify", url, "--key-group", group, server=server)
        assert f"{uploaded[kind]} ({kind}-key, {'RSA 2048' if kind == 'rsa' else 'ECDSA P-256'}), SHA1" in text
        both = ("--key-group", "web", "--key-group", "internal")
        # A second may have passed.
        timeless = [re.sub(r"[^,]* left$", "", said, flags=re.MULTILINE)
                    for said in (text, printed("verify", url, *both, server=server))]
        assert timeless[0] == timeless[1]
        other = "internal" if group == "web" else "web"
        refused = printed("verify", url, "--key-group", other, server=server, code=21)
        assert f"{uploaded[kind]} is the public key {kind}-key, which is in {group}" in refused
        assert f"the key group {other} has " in refused
        assert "403 InvalidKey, Unknown Key" in refused


def test_a_key_that_is_in_no_group_and_one_that_is_gone_are_told_apart(server, keys, uploaded):
    for id, words in ((uploaded["idle"], "idle-key, which is in no key group"), ("KGONE", "was it deleted?")):
        url = printed("sign", "url", URL, "--key-pair-id", id, "--private-key", keys["rsa"].private, "--expires", "1h")
        refused = printed("verify", url, "--key-group", "web", server=server, code=21)
        assert words in refused
        # It was the right key under a wrong id.
        assert f"the signature was made by {uploaded['rsa']} (rsa-key, RSA 2048): Key-Pair-Id is wrong" in refused


def test_a_group_that_is_not_there_and_a_server_that_is_not_there_are_failures(server):
    answer = keyfront("verify", URL, "--key-group", "absent", server=server)
    assert answer.returncode == 1 and "there is no key group absent" in answer.stderr
    answer = keyfront("verify", URL, "--key-group", "g", "--endpoint", "http://127.0.0.1:1")
    assert answer.returncode == 1 and "no Keyfront server answered at http://127.0.0.1:1" in answer.stderr


@pytest.mark.parametrize("arguments", [
    (URL,), (), (URL, "--public-key", "a", "--key-group", "b"), (URL, "--key-group", "b", "--key-pair-id", "K"),
    (URL, "--public-key", "a", "--ip", "x"), (URL, "--public-key", "a", "--at", "x"),
])
def test_a_question_that_cannot_be_understood_is_misuse(arguments):
    assert keyfront("verify", *arguments).returncode == 2


@pytest.mark.parametrize("arguments, words", [
    (("h/a", "--public-key", "{key}"), "must begin with http"),
    ((URL, "--public-key", "/nowhere/key.pem"), "/nowhere/key.pem"),
    ((URL, "--public-key", "{key}", "--cookies", "/nowhere/jar"), "/nowhere/jar"),
])
def test_a_question_that_cannot_be_answered_is_a_failure(keys, arguments, words):
    arguments = [argument.replace("{key}", str(keys["rsa"].public)) for argument in arguments]
    answer = keyfront("verify", *arguments)
    assert answer.returncode == 1 and words in answer.stderr
