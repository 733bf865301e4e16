"""Distributions that are served to the tenants of distributions alone, through boto3: what they have and cannot have."""

import pytest

from clients import client, error_of
from distributions import (
    CACHING_OPTIMIZED, CERTIFICATE, ETAGS, WEB_ACL, acm_certificate, behavior, bucket_origin, changed, configuration,
    counted, forwarding, id_of, new_distribution, read, server_origin,
)

PARAMETER = {"Name": "tenant", "Definition": {"StringSchema": {"Required": True, "Comment": "its folder"}}}
OPTIONAL = {"Name": "tier", "Definition": {"StringSchema": {"Required": False, "DefaultValue": "basic"}}}
MULTI_TENANT = {
    "ConnectionMode": "tenant-only",
    "TenantConfig": {"ParameterDefinitions": [PARAMETER, OPTIONAL]},
    "Origins": counted(server_origin(OriginPath="/{{tenant}}", DomainName="{{tier}}.example.com")),
}
# What the answer about a standard distribution has, and this one's has not.
ABSENT = {"Aliases", "PriceClass", "IsIPV6Enabled", "Staging", "ContinuousDeploymentPolicyId"}
ABSENT_IN_BEHAVIORS = {"TrustedSigners", "SmoothStreaming", "ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"}


def test_it_is_filled_in_by_other_rules(empty_server):
    control = client(empty_server, "cloudfront")
    created = new_distribution(control, **MULTI_TENANT)
    config = created["Distribution"]["DistributionConfig"]
    assert created["ETag"] == ETAGS[0]
    assert not ABSENT & config.keys()
    assert not ABSENT_IN_BEHAVIORS & config["DefaultCacheBehavior"].keys()
    assert config["ConnectionMode"] == "tenant-only"
    assert config["TenantConfig"] == MULTI_TENANT["TenantConfig"]
    assert config["ViewerCertificate"] == {
        "CloudFrontDefaultCertificate": True, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1",
        "CertificateSource": "cloudfront",
    }
    # What is read can be sent back as it is, without what a standard distribution must say.
    held = control.get_distribution_config(Id=id_of(created))
    config = changed(held["DistributionConfig"], Comment="changed")
    updated = control.update_distribution(Id=id_of(created), IfMatch=held["ETag"], DistributionConfig=config)
    assert updated["Distribution"]["DistributionConfig"] == config
    row, = control.list_distributions()["DistributionList"]["Items"]
    assert (row["DomainName"], row["HttpVersion"], row["ConnectionMode"]) == ("-", "http2", "tenant-only")
    assert not ABSENT_IN_BEHAVIORS & row["DefaultCacheBehavior"].keys()
    other = id_of(new_distribution(control))
    for mode, name in (("tenant-only", id_of(created)), ("direct", other)):
        listed = control.list_distributions_by_connection_mode(ConnectionMode=mode)["DistributionList"]["Items"]
        assert [each["Id"] for each in listed] == [name]


def test_a_certificate_has_a_newer_protocol(control):
    certificate = {"ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "sni-only"}
    created = new_distribution(control, **MULTI_TENANT, ViewerCertificate=certificate)
    shown = read(control, id_of(created))["DistributionConfig"]["ViewerCertificate"]
    assert (shown["MinimumProtocolVersion"], shown["CertificateSource"]) == ("TLSv1.2_2021", "acm")


@pytest.mark.parametrize("members", [
    {"Aliases": counted("www.tenants.example"), "ViewerCertificate": acm_certificate()},
    {"PriceClass": "PriceClass_100"},
    {"IsIPV6Enabled": True},
    {"Logging": {"Enabled": True, "IncludeCookies": False, "Bucket": "logs.s3.amazonaws.com", "Prefix": ""}},
    {"WebACLId": "473e64fd-f30b-4765-81a0-62ad96dd167a"},
    {"ViewerCertificate": {"IAMCertificateId": "ASCAEXAMPLE", "SSLSupportMethod": "sni-only"}},
    {"ViewerCertificate": acm_certificate(SSLSupportMethod="vip")},
    {"DefaultCacheBehavior": forwarding()},
    {"DefaultCacheBehavior": behavior(SmoothStreaming=True)},
    {"DefaultCacheBehavior": behavior(TrustedSigners={"Enabled": True, **counted("self")})},
    {"DefaultCacheBehavior": behavior(DefaultTTL=60)},
    {"TenantConfig": {"ParameterDefinitions": [PARAMETER, PARAMETER]}},
    {"TenantConfig": {"ParameterDefinitions": [{**OPTIONAL, "Name": f"p{number}"} for number in range(6)]}},
])
def test_it_cannot_have(control, members):
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        new_distribution(control, **{**MULTI_TENANT, **members})
    assert error_of(failure)[1] == 400


def test_it_cannot_have_what_is_not_there_either(control):
    """References are judged as those of a standard distribution."""
    new_distribution(control, **MULTI_TENANT, WebACLId=WEB_ACL)
    with pytest.raises(control.exceptions.NoSuchOrigin):
        new_distribution(control, **MULTI_TENANT, DefaultCacheBehavior=behavior("nowhere"))
    identity = "origin-access-identity/cloudfront/E1UNKNOWN"
    origins = {**MULTI_TENANT, "Origins": counted(bucket_origin("site", identity))}
    with pytest.raises((control.exceptions.InvalidArgument, control.exceptions.InvalidOriginAccessIdentity)):
        new_distribution(control, **origins)


def test_a_standard_distribution_stays_one(control):
    """And placeholders are for the tenants alone."""
    created = new_distribution(control)
    held = control.get_distribution_config(Id=id_of(created))["DistributionConfig"]
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.update_distribution(
            Id=id_of(created), IfMatch=created["ETag"], DistributionConfig={**held, **MULTI_TENANT}
        )
    assert error_of(failure)[1] == 400
    with pytest.raises(control.exceptions.InvalidArgument):
        control.create_distribution(DistributionConfig=configuration(TenantConfig=MULTI_TENANT["TenantConfig"]))
    assert held["DefaultCacheBehavior"]["CachePolicyId"] == CACHING_OPTIMIZED
