"""How much distributions can have, with quotas that a test reaches, and which declared errors were seen."""

import pytest

import functions
from clients import client, error_of, status_of, unique_name
from conftest import running
from distribution_refusals import REFUSED, default, forwarded
from distributions import (
    LAMBDA, behavior, bucket_origin, counted, id_of, new_distribution, server_origin, with_aliases,
)
from keys import encryption_config, entity, new_key_group, new_profile, new_public_key

QUOTAS = {
    "distributions_per_account": 12,
    "staging_distributions_per_account": 1,
    "aliases_per_distribution": 1,
    "cache_behaviors_per_distribution": 1,
    "origins_per_distribution": 2,
    "origin_groups_per_distribution": 1,
    "custom_headers_per_origin": 1,
    "key_groups_per_cache_behavior": 1,
    "trusted_signers_per_cache_behavior": 1,
    "cookies_per_cache_behavior": 1,
    "headers_per_cache_behavior": 1,
    "query_strings_per_cache_behavior": 1,
    "lambda_function_associations_per_distribution": 1,
    "distributions_per_cache_policy": 1,
    "distributions_per_field_level_encryption_config": 1,
    "distributions_per_function": 1,
    "distributions_per_key_group": 1,
    "distributions_per_origin_access_control": 1,
    "distributions_per_origin_request_policy": 1,
    "distributions_per_response_headers_policy": 1,
    "files_being_invalidated": 3,
    "wildcards_being_invalidated": 2,
}


def group(name):
    members = counted({"OriginId": "site"}, {"OriginId": "other"})
    return {"Id": name, "FailoverCriteria": {"StatusCodes": counted(500)}, "Members": members}


def header(name):
    return {"HeaderName": name, "HeaderValue": "v"}


# One more than there may be.
TOO_MANY = {
    "TooManyDistributionCNAMEs": with_aliases("a.example.com", "b.example.com"),
    "TooManyCacheBehaviors": {"CacheBehaviors": counted(behavior(PathPattern="/a"), behavior(PathPattern="/b"))},
    "TooManyOrigins": {"Origins": counted(server_origin(), server_origin("b"), server_origin("c"))},
    "TooManyOriginGroupsPerDistribution": {
        "Origins": counted(server_origin(), server_origin("other")), "OriginGroups": counted(group("a"), group("b")),
    },
    "TooManyOriginCustomHeaders": {
        "Origins": counted(server_origin(CustomHeaders=counted(header("X-A"), header("X-B")))),
    },
    "TooManyTrustedSigners": default(TrustedSigners={"Enabled": True, **counted("self", "111122223333")}),
    "TooManyCookieNamesInWhiteList": forwarded(
        Cookies={"Forward": "whitelist", "WhitelistedNames": counted("a", "b")}),
    "TooManyHeadersInForwardedValues": forwarded(Headers=counted("X-A", "X-B")),
    "TooManyQueryStringParameters": forwarded(QueryString=True, QueryStringCacheKeys=counted("a", "b")),
    "TooManyLambdaFunctionAssociations": default(LambdaFunctionAssociations=counted(
        *({"LambdaFunctionARN": f"{LAMBDA}:1", "EventType": f"viewer-{end}"} for end in ("request", "response")))),
}

# Errors that the model declares for CreateDistribution, CreateDistributionWithTags and UpdateDistribution, that are
# answered, and that the suites of other resources show.
ELSEWHERE = {
    "AccessDenied", "CNAMEAlreadyExists", "ContinuousDeploymentPolicyInUse", "DistributionAlreadyExists",
    "EntityLimitExceeded", "EntityNotFound", "IllegalUpdate", "InvalidDomainNameForOriginAccessControl",
    "InvalidIfMatchVersion", "InvalidMinimumProtocolVersion", "InvalidTagging", "MissingBody",
    "NoSuchContinuousDeploymentPolicy", "NoSuchDistribution", "PreconditionFailed", "StagingDistributionInUse",
}
# Those that no request leads to here.
NEVER = {
    "InvalidOrigin",  # The service answers InvalidArgument where a domain name is not a bucket's.
    "InvalidRequiredProtocol",  # Of a member that no model has any more.
    "RealtimeLogConfigOwnerMismatch",  # Configurations of other accounts are refused before.
    "TooManyCertificates",  # Certificates are not held here.
    "TooManyDistributionsWithFunctionAssociations",  # No quota is documented.
    "TooManyDistributionsWithLambdaAssociations",  # No quota is documented.
    "TooManyFunctionAssociations",  # As many as there are events.
}


@pytest.fixture(scope="module")
def control(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quotas")
    settings = folder / "keyfront.toml"
    lines = [f"{name} = {number}\n" for name, number in QUOTAS.items()]
    settings.write_text("[quotas]\n" + "".join(lines))
    with running(folder, "--config", settings) as server:
        yield client(server, "cloudfront")


@pytest.mark.parametrize("code", TOO_MANY)
def test_a_distribution_has_so_much(control, code):
    with pytest.raises(control.exceptions.from_code(code)) as failure:
        new_distribution(control, **TOO_MANY[code])
    assert status_of(failure.value.response) == 400


def used_by(control):
    """What one distribution can use, by the code that refuses another: the members, for each of two."""
    key = new_public_key(control)
    groups = [new_key_group(control, [key]) for _ in range(2)]
    yield "TooManyKeyGroupsAssociatedToDistribution", default(TrustedKeyGroups={"Enabled": True, **counted(*groups)}), 0
    yield "TooManyDistributionsAssociatedToKeyGroup", default(
        TrustedKeyGroups={"Enabled": True, **counted(groups[0])}), 1
    policy = control.create_cache_policy(CachePolicyConfig={"Name": unique_name("policy"), "MinTTL": 1})
    yield "TooManyDistributionsAssociatedToCachePolicy", default(CachePolicyId=policy["CachePolicy"]["Id"]), 1
    function = functions.published(control)
    arn = control.describe_function(Name=function, Stage="LIVE")["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    yield "TooManyDistributionsWithSingleFunctionARN", default(
        FunctionAssociations=counted({"FunctionARN": arn, "EventType": "viewer-request"})), 1
    config = {
        "Name": unique_name("access"), "SigningProtocol": "sigv4", "SigningBehavior": "always",
        "OriginAccessControlOriginType": "s3",
    }
    access = control.create_origin_access_control(OriginAccessControlConfig=config)["OriginAccessControl"]["Id"]
    yield "TooManyDistributionsAssociatedToOriginAccessControl", {
        "Origins": counted(bucket_origin("site", OriginAccessControlId=access))}, 1
    profile = new_profile(control, entity(key, "card"))
    encryption = control.create_field_level_encryption_config(FieldLevelEncryptionConfig=encryption_config(profile))
    yield "TooManyDistributionsAssociatedToFieldLevelEncryptionConfig", default(
        FieldLevelEncryptionId=encryption["FieldLevelEncryption"]["Id"], ViewerProtocolPolicy="https-only",
        AllowedMethods=counted("HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH")), 1
    policy = control.create_origin_request_policy(OriginRequestPolicyConfig={
        "Name": unique_name("policy"), "HeadersConfig": {"HeaderBehavior": "none"},
        "CookiesConfig": {"CookieBehavior": "none"}, "QueryStringsConfig": {"QueryStringBehavior": "none"},
    })
    yield "TooManyDistributionsAssociatedToOriginRequestPolicy", default(
        OriginRequestPolicyId=policy["OriginRequestPolicy"]["Id"]), 1
    policy = control.create_response_headers_policy(
        ResponseHeadersPolicyConfig={"Name": unique_name("policy"), "CustomHeadersConfig": counted(
            {"Header": "X-A", "Value": "v", "Override": True})})
    yield "TooManyDistributionsAssociatedToResponseHeadersPolicy", default(
        ResponseHeadersPolicyId=policy["ResponseHeadersPolicy"]["Id"]), 1


USED = [
    "TooManyKeyGroupsAssociatedToDistribution", "TooManyDistributionsAssociatedToKeyGroup",
    "TooManyDistributionsAssociatedToCachePolicy", "TooManyDistributionsWithSingleFunctionARN",
    "TooManyDistributionsAssociatedToOriginAccessControl",
    "TooManyDistributionsAssociatedToFieldLevelEncryptionConfig",
    "TooManyDistributionsAssociatedToOriginRequestPolicy", "TooManyDistributionsAssociatedToResponseHeadersPolicy",
]


def test_a_resource_is_used_by_so_many_and_an_account_has_so_many(control):
    seen = []
    for code, members, first in used_by(control):
        if first:
            created = new_distribution(control, **members)
            # The one that uses it already may do so in the next version, too.
            config = created["Distribution"]["DistributionConfig"]
            control.update_distribution(Id=id_of(created), IfMatch=created["ETag"], DistributionConfig=config)
        with pytest.raises(control.exceptions.from_code(code)) as failure:
            new_distribution(control, **members)
        assert status_of(failure.value.response) == 400
        seen.append(code)
    assert seen == USED
    # Managed policies have no such number.
    while control.list_distributions()["DistributionList"]["Quantity"] < QUOTAS["distributions_per_account"] - 2:
        last = new_distribution(control)
    text = "Processing your request would cause you to exceed the maximum number of distributions allowed."
    copy = {"PrimaryDistributionId": id_of(last), "IfMatch": last["ETag"], "Staging": True}
    control.copy_distribution(CallerReference=unique_name("copy"), **copy)
    # The number of staging distributions is reached, and then the account's.
    with pytest.raises(control.exceptions.TooManyDistributions) as failure:
        control.copy_distribution(CallerReference=unique_name("copy"), **copy)
    assert error_of(failure) == ("TooManyDistributions", 400, text)
    new_distribution(control)
    with pytest.raises(control.exceptions.TooManyDistributions) as failure:
        new_distribution(control)
    assert error_of(failure) == ("TooManyDistributions", 400, text)


def test_every_error_that_is_declared_is_seen_or_never_answered(control):
    declared = set()
    for operation in ("CreateDistribution", "CreateDistributionWithTags", "UpdateDistribution"):
        declared |= {shape.name for shape in control.meta.service_model.operation_model(operation).error_shapes}
    refused = {expected[0] for _members, expected in REFUSED.values()} - {"MalformedXML"}
    seen = refused | {*TOO_MANY, *USED, "TooManyDistributions"}
    assert seen <= declared
    assert declared - seen - ELSEWHERE == NEVER
