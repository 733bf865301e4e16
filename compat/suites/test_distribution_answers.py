"""What the service makes of a distribution that is sent to it, through boto3."""

import re

import pytest

from clients import client, error_of, status_of
from distributions import (
    ABSENT, CACHING_OPTIMIZED, CERTIFICATE, ETAGS, SUMMARY, acm_certificate, behavior, bucket_origin, configuration,
    counted, everything, forwarding, id_of, new_distribution, read, remove, resources_of, server_origin,
)
from keys import BASE
from server import ACCOUNT


def test_the_least_that_a_create_takes_is_filled_in(control):
    config = configuration(Origins=counted(bucket_origin()), DefaultCacheBehavior=behavior("pages"))
    created = control.create_distribution(DistributionConfig=config)
    name = id_of(created)
    shown = created["Distribution"]
    assert (status_of(created), created["ETag"]) == (201, ETAGS[0])
    assert re.fullmatch(r"E[1-9A-Z][0-9A-Z]{8,12}", name)
    assert re.fullmatch(r"d[1-9a-z][0-9a-z]{8,12}\.cloudfront\.net", shown["DomainName"])
    assert created["Location"] == f"{BASE}/distribution/{name}"
    whole = dict(shown)
    assert whole.pop("LastModifiedTime").microsecond % 1000 == 0
    off, none = {"Enabled": False, "Quantity": 0}, {"Quantity": 0}
    get_and_head = counted("HEAD", "GET")
    assert whole.pop("DistributionConfig") == {
        "CallerReference": config["CallerReference"],
        "Aliases": none,
        "DefaultRootObject": "",
        "Origins": counted({
            **bucket_origin(),
            "S3OriginConfig": {"OriginAccessIdentity": "", "OriginReadTimeout": 30},
            "OriginPath": "", "CustomHeaders": none, "ConnectionAttempts": 3, "ConnectionTimeout": 10,
            "OriginShield": {"Enabled": False}, "OriginAccessControlId": "",
        }),
        "OriginGroups": none,
        "DefaultCacheBehavior": {
            **behavior("pages"),
            "TrustedSigners": off, "TrustedKeyGroups": off, "SmoothStreaming": False, "Compress": False,
            "AllowedMethods": {**get_and_head, "CachedMethods": get_and_head},
            "LambdaFunctionAssociations": none, "FunctionAssociations": none, "FieldLevelEncryptionId": "",
            "GrpcConfig": {"Enabled": False},
        },
        "CacheBehaviors": none,
        "CustomErrorResponses": none,
        "Comment": "",
        "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
        "PriceClass": "PriceClass_All",
        "Enabled": True,
        "ViewerCertificate": {
            "CloudFrontDefaultCertificate": True, "SSLSupportMethod": "vip", "MinimumProtocolVersion": "TLSv1",
            "CertificateSource": "cloudfront",
        },
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        "WebACLId": "",
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
        "ContinuousDeploymentPolicyId": "",
        "Staging": False,
    }
    assert whole == {
        "Id": name,
        "ARN": f"arn:aws:cloudfront::{ACCOUNT}:distribution/{name}",
        "Status": "InProgress",
        "InProgressInvalidationBatches": 0,
        "DomainName": shown["DomainName"],
        "ActiveTrustedSigners": off,
        "ActiveTrustedKeyGroups": off,
    }
    # The next look finds it deployed, and nothing else has changed.
    assert read(control, name) == {**shown, "Status": "Deployed"}
    config = control.get_distribution_config(Id=name)
    assert (config["DistributionConfig"], config["ETag"]) == (shown["DistributionConfig"], ETAGS[0])


@pytest.mark.parametrize("member,sent,shown", [
    ("DefaultCacheBehavior", forwarding(), {
        "ForwardedValues": {
            "QueryString": False, "Cookies": {"Forward": "none"}, "Headers": {"Quantity": 0},
            "QueryStringCacheKeys": {"Quantity": 0},
        },
        "MinTTL": 0, "DefaultTTL": 86400, "MaxTTL": 31536000,
    }),
    # Methods have one order, whatever was sent.
    ("DefaultCacheBehavior", behavior(AllowedMethods={
        **counted("OPTIONS", "GET", "HEAD"), "CachedMethods": counted("GET", "HEAD"),
    }), {
        "AllowedMethods": {**counted("HEAD", "GET", "OPTIONS"), "CachedMethods": counted("HEAD", "GET")},
    }),
    ("DefaultCacheBehavior", behavior(
        AllowedMethods=counted("GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS", "DELETE")
    ), {
        "AllowedMethods": {
            **counted("HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"),
            "CachedMethods": counted("HEAD", "GET"),
        },
    }),
    # An empty id means none.
    ("DefaultCacheBehavior", behavior(OriginRequestPolicyId="", ResponseHeadersPolicyId=""), {
        "OriginRequestPolicyId": ABSENT, "ResponseHeadersPolicyId": ABSENT, "CachePolicyId": CACHING_OPTIMIZED,
    }),
    ("DefaultCacheBehavior", {**forwarding(), "CachePolicyId": ""}, {"CachePolicyId": ABSENT}),
    ("DefaultCacheBehavior", behavior(LambdaFunctionAssociations=counted(
        {"LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:f:7", "EventType": "viewer-request"}
    )), {
        "LambdaFunctionAssociations": counted({
            "LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:f:7", "EventType": "viewer-request",
            "IncludeBody": False,
        }),
    }),
    ("Logging", {"Enabled": False, "IncludeCookies": False, "Bucket": "logs.s3.amazonaws.com", "Prefix": "p"}, {
        "Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": "",
    }),
    ("ViewerCertificate", {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "SSLv3"}, {
        "CloudFrontDefaultCertificate": True, "SSLSupportMethod": "vip", "MinimumProtocolVersion": "TLSv1",
        "CertificateSource": "cloudfront", "ACMCertificateArn": ABSENT,
    }),
    ("ViewerCertificate", {"CloudFrontDefaultCertificate": False}, {"CloudFrontDefaultCertificate": True}),
    ("ViewerCertificate", acm_certificate(), {
        "CloudFrontDefaultCertificate": False, "ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021", "Certificate": CERTIFICATE, "CertificateSource": "acm",
        "IAMCertificateId": ABSENT,
    }),
    ("ViewerCertificate", {"ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "vip"}, {
        "SSLSupportMethod": "vip", "MinimumProtocolVersion": "TLSv1",
    }),
    ("ViewerCertificate", {
        "IAMCertificateId": "ASCAEXAMPLE", "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2019",
    }, {
        "CloudFrontDefaultCertificate": False, "IAMCertificateId": "ASCAEXAMPLE", "Certificate": "ASCAEXAMPLE",
        "CertificateSource": "iam", "MinimumProtocolVersion": "TLSv1.2_2019",
    }),
    ("Restrictions", {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0, "Items": []}}, {
        "GeoRestriction": {"RestrictionType": "none", "Quantity": 0},
    }),
    ("CustomErrorResponses", counted({"ErrorCode": 404}), counted({"ErrorCode": 404, "ErrorCachingMinTTL": 10})),
    # As Terraform sends an error without a page.
    ("CustomErrorResponses",
     counted({"ErrorCode": 404, "ResponseCode": "", "ResponsePagePath": "", "ErrorCachingMinTTL": 0}),
     counted({"ErrorCode": 404, "ResponseCode": "", "ResponsePagePath": "", "ErrorCachingMinTTL": 0})),
    ("Aliases", {"Quantity": 0, "Items": []}, {"Quantity": 0, "Items": ABSENT}),
    # A website of a bucket is a server.
    ("Origins", counted(server_origin(DomainName="pages.s3-website-us-east-1.amazonaws.com")), {}),
    ("Comment", "a <b> & \"c\" 'd' ünï 😀", "a <b> & \"c\" 'd' ünï 😀"),
    ("HttpVersion", "http2and3", "http2and3"),
    ("IsIPV6Enabled", False, False),
])
def test_what_is_sent_comes_back_as_the_service_has_it(control, member, sent, shown):
    created = new_distribution(control, **{member: sent})["Distribution"]["DistributionConfig"][member]
    if isinstance(shown, dict):
        created = {name: created.get(name, ABSENT) for name in shown}
    assert created == shown


def test_server_origins_get_their_timeouts_and_keep_their_order(control):
    origins = counted(server_origin("b"), server_origin("a"))
    shown = new_distribution(control, Origins=origins, DefaultCacheBehavior=behavior("a"))
    shown = shown["Distribution"]["DistributionConfig"]["Origins"]["Items"]
    assert [origin["Id"] for origin in shown] == ["b", "a"]
    config = shown[0]["CustomOriginConfig"]
    assert (config["OriginReadTimeout"], config["OriginKeepaliveTimeout"]) == (30, 5)
    assert "IpAddressType" not in config
    # Without a list of protocols it has the oldest.
    origin = server_origin(CustomOriginConfig={"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"})
    shown = new_distribution(control, Origins=counted(origin))["Distribution"]["DistributionConfig"]
    assert shown["Origins"]["Items"][0]["CustomOriginConfig"]["OriginSslProtocols"] == counted("SSLv3", "TLSv1")


def test_everything_that_can_be_said_comes_back(empty_server):
    control = client(empty_server, "cloudfront")
    resources = resources_of(control)
    config = everything(resources)
    created = control.create_distribution(DistributionConfig=config)["Distribution"]
    shown = read(control, created["Id"])

    def within(sent, shown, path=""):
        """Each member that was sent is there as it was sent."""
        if isinstance(sent, dict):
            for name, value in sent.items():
                within(value, shown[name], f"{path}.{name}")
        elif isinstance(sent, list):
            assert len(sent) == len(shown), path
            for number, (one, other) in enumerate(zip(sent, shown)):
                within(one, other, f"{path}.{number}")
        else:
            assert sent == shown, path

    within(config, shown["DistributionConfig"])
    assert shown["AliasICPRecordals"] == [
        {"CNAME": name, "ICPRecordalStatus": "APPROVED"} for name in config["Aliases"]["Items"]
    ]
    group = {"KeyGroupId": resources["key group"], "KeyPairIds": counted(resources["key"])}
    assert shown["ActiveTrustedKeyGroups"] == {"Enabled": True, **counted(group)}
    # A cache policy and forwarded values do not mix.
    api, _media = shown["DistributionConfig"]["CacheBehaviors"]["Items"]
    older = {"ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"}
    assert not older & shown["DistributionConfig"]["DefaultCacheBehavior"].keys()
    assert "CachePolicyId" not in api
    summary, = control.list_distributions()["DistributionList"]["Items"]
    assert summary.keys() == SUMMARY | {"AliasICPRecordals"}
    assert (summary["HttpVersion"], summary["Status"], summary["ConnectionMode"]) == ("HTTP2AND3", "Deployed", "direct")
    for member in SUMMARY & shown["DistributionConfig"].keys() - {"HttpVersion"}:
        assert summary[member] == shown["DistributionConfig"][member], member

    # What is read can be sent back as it is, again and again.
    held = control.get_distribution_config(Id=created["Id"])
    updated = control.update_distribution(
        Id=created["Id"], IfMatch=held["ETag"], DistributionConfig=held["DistributionConfig"]
    )
    assert updated["Distribution"]["DistributionConfig"] == held["DistributionConfig"]

    # Each of what it refers to is in use, and is not when it is gone.
    uses = [
        ("OriginAccessControlInUse", control.get_origin_access_control, control.delete_origin_access_control, "access"),
        ("CachePolicyInUse", control.get_cache_policy, control.delete_cache_policy, "cache policy"),
        ("ResourceInUse", control.get_key_group, control.delete_key_group, "key group"),
        ("FieldLevelEncryptionConfigInUse", control.get_field_level_encryption,
         control.delete_field_level_encryption_config, "encryption"),
    ]
    for code, get, delete, resource in uses:
        identity = resources[resource]
        with pytest.raises(control.exceptions.from_code(code)) as failure:
            delete(Id=identity, IfMatch=get(Id=identity)["ETag"])
        assert error_of(failure)[1] == 409
    function = control.describe_function(Name=resources["function name"], Stage="LIVE")
    assert function["FunctionSummary"]["Status"] == "DEPLOYED"
    development = control.describe_function(Name=resources["function name"])
    with pytest.raises(control.exceptions.FunctionInUse) as failure:
        control.delete_function(Name=resources["function name"], IfMatch=development["ETag"])
    text = f"Cannot delete function {resources['function name']}, it is in use by 1 distributions"
    assert error_of(failure) == ("FunctionInUse", 409, text)
    by_policy = control.list_distributions_by_cache_policy_id(CachePolicyId=resources["cache policy"])
    assert by_policy["DistributionIdList"]["Items"] == [created["Id"]]
    by_group = control.list_distributions_by_key_group(KeyGroupId=resources["key group"])
    assert by_group["DistributionIdList"]["Items"] == [created["Id"]]

    remove(control, created["Id"])
    for _code, get, delete, resource in uses:
        delete(Id=resources[resource], IfMatch=get(Id=resources[resource])["ETag"])
    control.delete_function(Name=resources["function name"], IfMatch=development["ETag"])
