"""Origin access identities through boto3 and the AWS CLI."""

import json
import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from keys import BASE, FIRST_ETAG, NO_IF_MATCH, PRECONDITION, all_items, aws

ZEROTH_ETAG = "E23ZP02F085DFQ"
MEMBER = "CloudFrontOriginAccessIdentityConfig"


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def config(comment="", reference=None):
    return {"CallerReference": reference or unique_name("ref"), "Comment": comment}


def create(control, config):
    return control.create_cloud_front_origin_access_identity(CloudFrontOriginAccessIdentityConfig=config)


def test_an_identity_is_created_and_read_back(control):
    sent = config("for a site")
    created = create(control, sent)
    identity = created["CloudFrontOriginAccessIdentity"]
    assert (status_of(created), created["ETag"]) == (201, ZEROTH_ETAG)
    assert re.fullmatch("E[1-9A-Z][0-9A-Z]{11,12}", identity["Id"])
    assert re.fullmatch("[0-9a-f]{96}", identity["S3CanonicalUserId"])
    assert created["Location"] == f"{BASE}/origin-access-identity/cloudfront/{identity['Id']}"
    assert identity[MEMBER] == sent
    shown = control.get_cloud_front_origin_access_identity(Id=identity["Id"])
    assert (shown["CloudFrontOriginAccessIdentity"], shown["ETag"]) == (identity, ZEROTH_ETAG)
    alone = control.get_cloud_front_origin_access_identity_config(Id=identity["Id"])
    assert (alone[MEMBER], alone["ETag"]) == (sent, ZEROTH_ETAG)
    rows = control.list_cloud_front_origin_access_identities()["CloudFrontOriginAccessIdentityList"]["Items"]
    assert rows == [{
        "Id": identity["Id"], "S3CanonicalUserId": identity["S3CanonicalUserId"], "Comment": "for a site",
    }]


def test_a_request_can_be_repeated_and_not_changed(control):
    sent = config("first")
    first = create(control, sent)["CloudFrontOriginAccessIdentity"]
    assert create(control, sent)["CloudFrontOriginAccessIdentity"] == first
    with pytest.raises(control.exceptions.CloudFrontOriginAccessIdentityAlreadyExists) as failure:
        create(control, {**sent, "Comment": "second"})
    assert error_of(failure)[:2] == ("CloudFrontOriginAccessIdentityAlreadyExists", 409)
    assert control.list_cloud_front_origin_access_identities()["CloudFrontOriginAccessIdentityList"]["Quantity"] == 1


def test_only_the_comment_can_change(control):
    sent = config("first")
    identity = create(control, sent)["CloudFrontOriginAccessIdentity"]
    update = control.update_cloud_front_origin_access_identity
    with pytest.raises(control.exceptions.IllegalUpdate) as failure:
        update(
            Id=identity["Id"], IfMatch=ZEROTH_ETAG,
            CloudFrontOriginAccessIdentityConfig={**sent, "CallerReference": "other"},
        )
    assert error_of(failure)[1] == 400
    updated = update(
        Id=identity["Id"], IfMatch=ZEROTH_ETAG, CloudFrontOriginAccessIdentityConfig={**sent, "Comment": "second"}
    )
    assert updated["ETag"] == FIRST_ETAG
    assert updated["CloudFrontOriginAccessIdentity"]["S3CanonicalUserId"] == identity["S3CanonicalUserId"]
    assert updated["CloudFrontOriginAccessIdentity"][MEMBER]["Comment"] == "second"


def test_a_change_must_name_the_etag_of_an_identity_that_is_there(control):
    sent = config()
    identity = create(control, sent)["CloudFrontOriginAccessIdentity"]["Id"]
    calls = [
        lambda **more: control.update_cloud_front_origin_access_identity(
            CloudFrontOriginAccessIdentityConfig=sent, **more
        ),
        control.delete_cloud_front_origin_access_identity,
    ]
    for call in calls:
        with pytest.raises(control.exceptions.InvalidIfMatchVersion) as failure:
            call(Id=identity)
        assert error_of(failure) == ("InvalidIfMatchVersion", 400, NO_IF_MATCH)
        with pytest.raises(control.exceptions.PreconditionFailed) as failure:
            call(Id=identity, IfMatch=FIRST_ETAG)
        assert error_of(failure) == ("PreconditionFailed", 412, PRECONDITION)
    assert status_of(control.delete_cloud_front_origin_access_identity(Id=identity, IfMatch=ZEROTH_ETAG)) == 204
    calls = [lambda call=call: call(Id=identity, IfMatch=ZEROTH_ETAG) for call in calls]
    calls.append(lambda: control.get_cloud_front_origin_access_identity(Id=identity))
    calls.append(lambda: control.get_cloud_front_origin_access_identity_config(Id=identity))
    for call in calls:
        with pytest.raises(control.exceptions.NoSuchCloudFrontOriginAccessIdentity) as failure:
            call()
        assert error_of(failure)[1:] == (404, "The specified origin access identity does not exist.")


def test_an_account_has_a_hundred_in_the_order_of_their_creation(control):
    ids = []
    for _ in range(100):
        ids.append(create(control, config())["CloudFrontOriginAccessIdentity"]["Id"])
        next_millisecond()
    with pytest.raises(control.exceptions.TooManyCloudFrontOriginAccessIdentities) as failure:
        create(control, config())
    assert error_of(failure)[1] == 400
    page = "CloudFrontOriginAccessIdentityList"
    paged = all_items(control.list_cloud_front_origin_access_identities, page, MaxItems="30")
    assert [row["Id"] for row in paged] == ids


def test_a_streaming_distribution_uses_an_identity(control):
    identity = create(control, config())["CloudFrontOriginAccessIdentity"]["Id"]
    streaming = control.create_streaming_distribution(StreamingDistributionConfig={
        "CallerReference": "r", "Comment": "", "Enabled": False,
        "S3Origin": {
            "DomainName": "media.s3.amazonaws.com",
            "OriginAccessIdentity": f"origin-access-identity/cloudfront/{identity}",
        },
        "TrustedSigners": {"Enabled": False, "Quantity": 0},
    })
    with pytest.raises(control.exceptions.CloudFrontOriginAccessIdentityInUse) as failure:
        control.delete_cloud_front_origin_access_identity(Id=identity, IfMatch=ZEROTH_ETAG)
    text = "The CloudFront origin access identity is still being used."
    assert error_of(failure) == ("CloudFrontOriginAccessIdentityInUse", 409, text)
    control.delete_streaming_distribution(Id=streaming["StreamingDistribution"]["Id"], IfMatch=ZEROTH_ETAG)
    control.delete_cloud_front_origin_access_identity(Id=identity, IfMatch=ZEROTH_ETAG)


def test_the_aws_cli_makes_and_deletes_an_identity(empty_server):
    created = aws(
        empty_server, "create-cloud-front-origin-access-identity", "--cloud-front-origin-access-identity-config",
        json.dumps(config("from the CLI")),
    )
    identity = created["CloudFrontOriginAccessIdentity"]["Id"]
    listed = aws(empty_server, "list-cloud-front-origin-access-identities")["CloudFrontOriginAccessIdentityList"]
    assert [row["Comment"] for row in listed["Items"]] == ["from the CLI"]
    aws(empty_server, "delete-cloud-front-origin-access-identity", "--id", identity, "--if-match", created["ETag"])
