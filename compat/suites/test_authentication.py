"""Who may come in: every way in which a signature can be wrong, on both planes, with the service's own codes."""

import base64
import dataclasses
import re

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from clients import client, etag_of, put_all
from server import ACCESS_KEY, ACCOUNT, REGION, SECRET_KEY
from wire import STORES, Request, keys_path, minutes_from_now, sign_v4, store_path

MISMATCH = "The request signature we calculated does not match the signature you provided."


@pytest.fixture
def planes(wire, store):
    """A harmless request on either plane, with how it is signed and how its errors are read."""
    return {
        "control": (wire.control, f"{STORES}/{store['name']}", lambda answer: answer.control_error()),
        "data": (wire.data, store_path(store["arn"]), lambda answer: answer.data_error()),
    }


@pytest.fixture(params=["control", "data"])
def plane(request, planes):
    return request.param, *planes[request.param]


def expected(plane, control, data):
    return control if plane == "control" else data


def test_the_request_that_the_others_spoil_is_accepted(wire, plane):
    _, sign, target, _ = plane
    assert wire.send(sign("GET", target)).status == 200


def test_a_request_without_a_signature_is_refused(wire, plane):
    name, sign, target, error = plane
    request = sign("GET", target)
    answer = wire.send(dataclasses.replace(request, headers={}))
    assert answer.status == 403
    assert error(answer)[0] == expected(name, "MissingAuthenticationToken", "MissingAuthenticationTokenException")


def test_an_unknown_key_id_is_refused(wire, plane):
    name, sign, target, error = plane
    answer = wire.send(sign("GET", target, access_key="AKIDABSENT0000000000"))
    assert answer.status == 403
    code, message = error(answer)
    assert code == expected(name, "InvalidClientTokenId", "UnrecognizedClientException")
    assert message == "The security token included in the request is invalid."


def test_a_wrong_secret_is_refused(wire, plane):
    name, sign, target, error = plane
    answer = wire.send(sign("GET", target, secret="not the secret"))
    assert answer.status == 403
    code, message = error(answer)
    assert code == expected(name, "SignatureDoesNotMatch", "InvalidSignatureException")
    assert message.startswith(MISMATCH)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_request_from_outside_the_window_is_refused(wire, plane, minutes):
    name, sign, target, error = plane
    answer = wire.send(sign("GET", target, at=minutes_from_now(minutes)))
    assert answer.status == 403
    code, message = error(answer)
    assert code == expected(name, "SignatureDoesNotMatch", "InvalidSignatureException")
    assert message.startswith("Signature expired: " if minutes < 0 else "Signature not yet current: ")


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_that_is_a_little_off_is_accepted(wire, plane, minutes):
    _, sign, target, _ = plane
    assert wire.send(sign("GET", target, at=minutes_from_now(minutes))).status == 200


def test_a_signature_for_another_service_is_refused(wire, plane):
    name, sign, target, error = plane
    answer = wire.send(sign("GET", target, service="s3"))
    assert answer.status == 403
    code, message = error(answer)
    assert code == expected(name, "SignatureDoesNotMatch", "InvalidSignatureException")
    assert message.startswith("Credential should be scoped to correct service: ")


# With an endpoint of its own a client signs for whatever region it is configured for, so any region will do.


@pytest.mark.parametrize(
    ("region", "accepted"), [("us-east-1", True), ("eu-central-1", True), ("nowhere", False), ("us-east", False)]
)
def test_a_scope_names_a_region(wire, store, region, accepted):
    answer = wire.send(wire.control("GET", f"{STORES}/{store['name']}", region=region))
    assert answer.status == (200 if accepted else 403), answer.text
    if not accepted:
        code, message = answer.control_error()
        assert code == "SignatureDoesNotMatch"
        assert message == "Credential should be scoped to a valid region."


@pytest.mark.parametrize("region_set", ["*", "us-east-1", "us-*,eu-west-1"])
def test_a_region_set_may_be_any(wire, arn, region_set):
    assert wire.send(wire.data("GET", store_path(arn), region=region_set)).status == 200


@pytest.mark.parametrize("plane", ["data"], indirect=True)
def test_the_data_plane_takes_plain_sigv4_of_us_east_1(wire, plane):
    _, _, target, error = plane
    unsigned = Request("GET", target, wire.data_host)
    assert wire.send(sign_v4(unsigned, service="cloudfront-keyvaluestore", region="us-east-1")).status == 200
    answer = wire.send(sign_v4(unsigned, service="cloudfront-keyvaluestore", region="eu-central-1"))
    assert answer.status == 403
    assert error(answer) == ("InvalidSignatureException", "Credential should be scoped to a valid region.")


def test_boto3_without_awscrt_reaches_the_data_plane(server, arn):
    plain = client(server, "cloudfront-keyvaluestore", signature_version="v4")
    etag = etag_of(plain, arn)
    plain.put_key(KvsARN=arn, Key="k", Value="v", IfMatch=etag)
    assert plain.get_key(KvsARN=arn, Key="k")["Value"] == "v"


def test_an_altered_path_is_refused(wire, plane):
    _, sign, target, _ = plane
    request = sign("GET", target)
    assert wire.send(dataclasses.replace(request, target=target + "x")).status == 403


def test_an_added_query_is_refused(wire, plane):
    _, sign, target, _ = plane
    request = sign("GET", target)
    assert wire.send(dataclasses.replace(request, target=target + "?a=b")).status == 403


def test_another_method_is_refused(wire, plane):
    name, sign, target, _ = plane
    # The path must belong to an operation by the other method too, or it is refused as unknown.
    request = sign("GET", expected(name, target, f"{target}/keys/k"), headers={"If-Match": "x"})
    assert wire.send(dataclasses.replace(request, method="DELETE")).status == 403


def test_an_altered_header_is_refused(wire, plane):
    _, sign, target, _ = plane
    request = sign("GET", target, headers={"If-Match": "one"})
    request.headers["If-Match"] = "two"
    assert wire.send(request).status == 403


def test_an_altered_host_is_refused(wire, plane):
    _, sign, target, _ = plane
    request = sign("GET", target)
    request.headers["Host"] = "localhost:1"
    assert wire.send(request).status == 403


def test_an_altered_body_is_refused_on_the_control_plane(wire, control):
    request = wire.control("POST", STORES, "<CreateKeyValueStoreRequest><Name>signed</Name></CreateKeyValueStoreRequest>")
    answer = wire.send(dataclasses.replace(request, body=request.body.replace(b"signed", b"forged")))
    assert answer.status == 403
    assert answer.control_error()[0] == "SignatureDoesNotMatch"
    with pytest.raises(control.exceptions.EntityNotFound):
        control.describe_key_value_store(Name="forged")


def test_an_altered_body_is_refused_on_the_data_plane(wire, data, arn):
    headers = {"If-Match": etag_of(data, arn), "Content-Type": "application/json"}
    request = wire.data("PUT", keys_path(arn, "k"), '{"Value":"signed"}', headers)
    answer = wire.send(dataclasses.replace(request, body=b'{"Value":"forged"}'))
    assert answer.status == 403
    assert answer.data_error()[0] == "InvalidSignatureException"
    assert data.describe_key_value_store(KvsARN=arn)["ItemCount"] == 0
    assert wire.send(request).status == 200


def test_an_unsigned_payload_is_refused(wire, data, arn):
    """A body that is not signed could be any client's; neither service takes it for these operations."""
    headers = {
        "If-Match": etag_of(data, arn), "Content-Type": "application/json", "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD",
    }
    answer = wire.send(wire.data("PUT", keys_path(arn, "k"), '{"Value":"v"}', headers))
    assert answer.status in (400, 403)
    assert data.describe_key_value_store(KvsARN=arn)["ItemCount"] == 0


AUTHORIZATIONS = [
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=",
    "AWS4-HMAC-SHA256 Credential=test/20261122/us-east-1/cloudfront/aws4_request, SignedHeaders=host",
    "AWS4-HMAC-SHA256 Credential=test, SignedHeaders=host;x-amz-date, Signature=00",
    "AWS4-ECDSA-P256-SHA256 Credential=test/20261122/cloudfront/aws4_request, SignedHeaders=host, Signature=zz",
    "Basic dGVzdDp0ZXN0",
    "Bearer token",
    "AWS test:signature",
    "\u00ff",
    "x" * 4000,
]


@pytest.mark.parametrize("authorization", AUTHORIZATIONS, ids=range(len(AUTHORIZATIONS)))
def test_a_header_that_is_no_signature_is_refused_and_nothing_breaks(wire, plane, authorization):
    _, sign, target, error = plane
    request = sign("GET", target)
    request.headers["Authorization"] = authorization
    answer = wire.send(request)
    assert answer.status in (400, 403), answer.text
    assert error(answer)[0]


@pytest.mark.parametrize(
    "signature", ["", "00", "zz", "30" * 70, "3006020100020100", "3006020101020101", "0" * 2000], ids=range(7)
)
def test_a_signature_of_any_other_bytes_is_refused(wire, plane, signature):
    _, sign, target, _ = plane
    request = sign("GET", target)
    request.headers["Authorization"] = re.sub("Signature=.*", f"Signature={signature}", request.headers["Authorization"])
    assert wire.send(request).status in (400, 403)


def presigned(wire, path, expires):
    request = AWSRequest("GET", f"http://{wire.control_host}{path}")
    signer = botocore.auth.SigV4QueryAuth(Credentials(ACCESS_KEY, SECRET_KEY), "cloudfront", REGION, expires=expires)
    signer.add_auth(request)
    return request.url.partition(wire.control_host)[2]


def test_a_presigned_request_is_accepted_and_an_altered_one_is_not(wire, store):
    target = presigned(wire, f"{STORES}/{store['name']}", 60)
    assert wire.send(Request("GET", target, wire.control_host)).status == 200
    spoiled = target.replace(f"{STORES}/{store['name']}", f"{STORES}/other")
    assert wire.send(Request("GET", spoiled, wire.control_host)).status == 403


def test_an_error_never_shows_a_value_or_a_secret(server, wire, data, arn):
    put_all(data, arn, {"k": "a-value-to-keep-secret"})
    wire.send(wire.data("GET", keys_path(arn, "k"), secret="another"))
    data.get_key(KvsARN=arn, Key="k")
    assert "a-value-to-keep-secret" not in server.log
    assert base64.b64encode(b"a-value-to-keep-secret").decode() not in server.log


# The two questions that Terraform's provider asks before anything else.


def test_sts_and_iam_say_who_is_calling(server):
    identity = client(server, "sts").get_caller_identity()
    assert identity["Account"] == ACCOUNT
    assert identity["Arn"].startswith(f"arn:aws:iam::{ACCOUNT}:")
    user = client(server, "iam").get_user()["User"]
    assert user["Arn"] == identity["Arn"]
    assert user["UserId"] == identity["UserId"]


def test_sts_and_iam_are_signed_too(wire):
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    request = Request("POST", "/", wire.control_host, body, form)
    assert wire.send(request).status == 403
    assert wire.send(sign_v4(request, service="sts", secret="wrong")).status == 403
    assert wire.send(sign_v4(request, service="sts")).status == 200
