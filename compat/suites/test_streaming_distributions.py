"""Streaming distributions through boto3 and the AWS CLI."""

import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from keys import BASE, FIRST_ETAG, PRECONDITION, all_items, aws, listed
from server import ACCOUNT

ZEROTH_ETAG = "E23ZP02F085DFQ"


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def config(**changes):
    whole = {
        "CallerReference": unique_name("ref"), "Comment": "", "Enabled": False,
        "S3Origin": {"DomainName": "media.s3.amazonaws.com", "OriginAccessIdentity": ""},
        "TrustedSigners": {"Enabled": False, "Quantity": 0},
    }
    return {**whole, **changes}


def create(control, **changes):
    return control.create_streaming_distribution(StreamingDistributionConfig=config(**changes))


def test_a_streaming_distribution_is_made_completed_disabled_and_deleted(control):
    sent = config(Enabled=True, **listed(Aliases=["media.example.com"]))
    created = control.create_streaming_distribution(StreamingDistributionConfig=sent)
    distribution = created["StreamingDistribution"]
    assert (status_of(created), created["ETag"], distribution["Status"]) == (201, ZEROTH_ETAG, "InProgress")
    assert re.fullmatch(r"s[0-9a-z]{8,13}\.cloudfront\.net", distribution["DomainName"])
    assert distribution["ARN"] == f"arn:aws:cloudfront::{ACCOUNT}:streaming-distribution/{distribution['Id']}"
    assert created["Location"] == f"{BASE}/streaming-distribution/{distribution['Id']}"
    completed = {
        **sent, "Logging": {"Enabled": False, "Bucket": "", "Prefix": ""}, "PriceClass": "PriceClass_All",
    }
    assert distribution["StreamingDistributionConfig"] == completed
    assert distribution["ActiveTrustedSigners"] == {"Enabled": False, "Quantity": 0}
    identity = distribution["Id"]
    waiter = control.get_waiter("streaming_distribution_deployed")
    waiter.wait(Id=identity, WaiterConfig={"Delay": 1, "MaxAttempts": 3})
    assert control.get_streaming_distribution_config(Id=identity)["StreamingDistributionConfig"] == completed

    with pytest.raises(control.exceptions.StreamingDistributionNotDisabled) as failure:
        control.delete_streaming_distribution(Id=identity, IfMatch=ZEROTH_ETAG)
    assert error_of(failure)[1] == 409
    update = {"Id": identity, "StreamingDistributionConfig": {**completed, "Enabled": False}}
    with pytest.raises(control.exceptions.PreconditionFailed) as failure:
        control.update_streaming_distribution(**update, IfMatch=FIRST_ETAG)
    assert error_of(failure)[1:] == (412, PRECONDITION)
    assert control.update_streaming_distribution(**update, IfMatch=ZEROTH_ETAG)["ETag"] == FIRST_ETAG
    with pytest.raises(control.exceptions.IllegalUpdate) as failure:
        moved = {**completed, "CallerReference": "other"}
        control.update_streaming_distribution(Id=identity, IfMatch=FIRST_ETAG, StreamingDistributionConfig=moved)
    assert error_of(failure)[2] == "You cannot update Origin or CallerReference."
    assert status_of(control.delete_streaming_distribution(Id=identity, IfMatch=FIRST_ETAG)) == 204
    for call in [control.get_streaming_distribution, control.get_streaming_distribution_config]:
        with pytest.raises(control.exceptions.NoSuchStreamingDistribution):
            call(Id=identity)


def test_what_is_no_streaming_distribution(control):
    first = config(**listed(Aliases=["media.example.com"]))
    control.create_streaming_distribution(StreamingDistributionConfig=first)

    def refused(exception, status, **changes):
        with pytest.raises(getattr(control.exceptions, exception)) as failure:
            create(control, **changes)
        assert error_of(failure)[1] == status

    refused("StreamingDistributionAlreadyExists", 409, CallerReference=first["CallerReference"])
    refused("CNAMEAlreadyExists", 409, **listed(Aliases=["media.example.com"]))
    refused("InvalidArgument", 400, S3Origin={"DomainName": "example.com", "OriginAccessIdentity": ""})
    path = "origin-access-identity/cloudfront/E1"
    absent = {"DomainName": "media.s3.amazonaws.com", "OriginAccessIdentity": path}
    refused("InvalidOriginAccessIdentity", 400, S3Origin=absent)
    refused("InconsistentQuantities", 400, Aliases={"Quantity": 2, "Items": ["a.example.com"]})
    many = [f"a{number}.example.com" for number in range(101)]
    refused("TooManyStreamingDistributionCNAMEs", 400, **listed(Aliases=many))
    signers = {"Enabled": True, "Quantity": 1, "Items": ["other"]}
    refused("TrustedSignerDoesNotExist", 400, TrustedSigners=signers)
    refused("TooManyTrustedSigners", 400, TrustedSigners={"Enabled": True, "Quantity": 6, "Items": ["self"] * 6})


def test_tags_signers_and_logs_are_kept(control):
    logging = {"Enabled": True, "Bucket": "logs.s3.amazonaws.com", "Prefix": "media/"}
    signers = {"Enabled": True, "Quantity": 1, "Items": ["self"]}
    created = control.create_streaming_distribution_with_tags(StreamingDistributionConfigWithTags={
        "StreamingDistributionConfig": config(Logging=logging, TrustedSigners=signers, PriceClass="PriceClass_100"),
        "Tags": {"Items": [{"Key": "team", "Value": "media"}]},
    })["StreamingDistribution"]
    assert created["StreamingDistributionConfig"]["Logging"] == logging
    assert created["ActiveTrustedSigners"] == {
        "Enabled": True, "Quantity": 1, "Items": [{"AwsAccountNumber": "self", "KeyPairIds": {"Quantity": 0}}],
    }
    assert control.list_tags_for_resource(Resource=created["ARN"])["Tags"]["Items"] == [
        {"Key": "team", "Value": "media"}
    ]


def test_streaming_distributions_are_listed_in_the_order_of_their_creation(control, empty_server):
    assert control.list_streaming_distributions()["StreamingDistributionList"] == {
        "Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": 0,
    }
    ids = []
    for _ in range(3):
        ids.append(create(control)["StreamingDistribution"]["Id"])
        next_millisecond()
    rows = all_items(control.list_streaming_distributions, "StreamingDistributionList", MaxItems="2")
    assert [row["Id"] for row in rows] == ids
    assert {row["Status"] for row in rows} == {"Deployed"}
    listed = aws(empty_server, "list-streaming-distributions")["StreamingDistributionList"]
    assert [row["Id"] for row in listed["Items"]] == ids
