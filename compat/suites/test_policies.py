"""Origin access controls and cache policies through boto3 and the AWS CLI."""

import re

import pytest

from clients import client, error_of, status_of, unique_name
from keys import BASE, FIRST_ETAG, NO_IF_MATCH, PRECONDITION, all_items, aws

ZEROTH_ETAG = "E23ZP02F085DFQ"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
YEAR = 31536000
EMPTY_KEY = {
    "EnableAcceptEncodingGzip": False,
    "EnableAcceptEncodingBrotli": False,
    "HeadersConfig": {"HeaderBehavior": "none"},
    "CookiesConfig": {"CookieBehavior": "none"},
    "QueryStringsConfig": {"QueryStringBehavior": "none"},
}


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def access(**changes):
    config = {
        "Name": unique_name("oac"), "Description": "", "SigningProtocol": "sigv4", "SigningBehavior": "always",
        "OriginAccessControlOriginType": "s3",
    }
    return {**config, **changes}


def test_an_origin_access_control_is_created_shown_replaced_and_deleted(control):
    config = access(Description="for a site")
    created = control.create_origin_access_control(OriginAccessControlConfig=config)
    control_id = created["OriginAccessControl"]["Id"]
    assert (status_of(created), created["ETag"]) == (201, ZEROTH_ETAG)
    assert re.fullmatch("E[1-9A-Z][0-9A-Z]{11,12}", control_id)
    assert created["Location"] == f"{BASE}/origin-access-control/{control_id}"
    assert created["OriginAccessControl"]["OriginAccessControlConfig"] == config
    assert control.get_origin_access_control(Id=control_id)["OriginAccessControl"] == created["OriginAccessControl"]
    listed = control.list_origin_access_controls()["OriginAccessControlList"]
    assert (listed["Marker"], listed["IsTruncated"], listed["Items"]) == ("", False, [{"Id": control_id, **config}])

    replaced = access(SigningBehavior="no-override", OriginAccessControlOriginType="mediastore")
    update = {"Id": control_id, "OriginAccessControlConfig": replaced}
    with pytest.raises(control.exceptions.InvalidIfMatchVersion) as failure:
        control.update_origin_access_control(**update)
    assert error_of(failure)[2] == NO_IF_MATCH
    updated = control.update_origin_access_control(**update, IfMatch=ZEROTH_ETAG)
    assert (updated["ETag"], updated["OriginAccessControl"]["OriginAccessControlConfig"]) == (FIRST_ETAG, replaced)
    with pytest.raises(control.exceptions.PreconditionFailed) as failure:
        control.delete_origin_access_control(Id=control_id, IfMatch=ZEROTH_ETAG)
    assert error_of(failure)[2] == PRECONDITION
    assert status_of(control.delete_origin_access_control(Id=control_id, IfMatch=FIRST_ETAG)) == 204
    with pytest.raises(control.exceptions.NoSuchOriginAccessControl):
        control.get_origin_access_control_config(Id=control_id)


def test_what_is_no_origin_access_control(control):
    config = access()
    control.create_origin_access_control(OriginAccessControlConfig=config)
    with pytest.raises(control.exceptions.OriginAccessControlAlreadyExists) as failure:
        control.create_origin_access_control(OriginAccessControlConfig=config)
    text = "An origin access control with the same name already exists."
    assert error_of(failure) == ("OriginAccessControlAlreadyExists", 409, text)
    with pytest.raises(control.exceptions.InvalidArgument):
        control.create_origin_access_control(OriginAccessControlConfig=access(Name="n" * 65))


def test_a_cache_policy_is_completed_replaced_and_deleted(control):
    name = unique_name("policy")
    created = control.create_cache_policy(CachePolicyConfig={"Name": name, "MinTTL": 5})
    policy = created["CachePolicy"]
    assert (status_of(created), created["ETag"]) == (201, ZEROTH_ETAG)
    assert re.fullmatch(UUID, policy["Id"])
    assert created["Location"] == f"{BASE}/cache-policy/{policy['Id']}"
    assert policy["CachePolicyConfig"] == {
        "Name": name, "Comment": "", "MinTTL": 5, "DefaultTTL": 86400, "MaxTTL": YEAR,
        "ParametersInCacheKeyAndForwardedToOrigin": EMPTY_KEY,
    }
    assert control.get_cache_policy(Id=policy["Id"])["CachePolicy"] == policy

    key = {
        **EMPTY_KEY, "EnableAcceptEncodingBrotli": True,
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": {"Quantity": 2, "Items": ["X-B", "X-A"]}},
        "CookiesConfig": {"CookieBehavior": "allExcept", "Cookies": {"Quantity": 1, "Items": ["session"]}},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }
    config = {
        "Name": name, "Comment": "changed", "MinTTL": 0, "DefaultTTL": 1, "MaxTTL": 2,
        "ParametersInCacheKeyAndForwardedToOrigin": key,
    }
    updated = control.update_cache_policy(Id=policy["Id"], IfMatch=ZEROTH_ETAG, CachePolicyConfig=config)
    assert (updated["ETag"], updated["CachePolicy"]["CachePolicyConfig"]) == (FIRST_ETAG, config)
    by_policy = control.list_distributions_by_cache_policy_id(CachePolicyId=policy["Id"])["DistributionIdList"]
    assert (by_policy["Quantity"], "Items" in by_policy) == (0, False)
    assert status_of(control.delete_cache_policy(Id=policy["Id"], IfMatch=FIRST_ETAG)) == 204
    with pytest.raises(control.exceptions.NoSuchCachePolicy):
        control.get_cache_policy_config(Id=policy["Id"])


def test_managed_policies_are_listed_and_immutable(control):
    own = control.create_cache_policy(CachePolicyConfig={"Name": unique_name("policy"), "MinTTL": 0})["CachePolicy"]["Id"]

    def listed(**arguments):
        items = all_items(control.list_cache_policies, "CachePolicyList", MaxItems="3", **arguments)
        return {item["CachePolicy"]["Id"]: (item["Type"], item["CachePolicy"]["CachePolicyConfig"]) for item in items}

    everything = listed()
    assert len(everything) == 12
    assert everything[own][0] == "custom" and list(everything)[-1] == own
    kind, config = everything[OPTIMIZED]
    assert (kind, config["Name"], config["MinTTL"]) == ("managed", "Managed-CachingOptimized", 1)
    assert set(listed(Type="managed")) == set(everything) - {own}
    assert set(listed(Type="custom")) == {own}
    with pytest.raises(control.exceptions.IllegalDelete):
        control.delete_cache_policy(Id=OPTIMIZED, IfMatch=ZEROTH_ETAG)
    with pytest.raises(control.exceptions.IllegalUpdate):
        control.update_cache_policy(Id=OPTIMIZED, IfMatch=ZEROTH_ETAG, CachePolicyConfig=config)


def test_what_is_no_cache_policy(control):
    def refused(exception, text=None, **changes):
        with pytest.raises(getattr(control.exceptions, exception)) as failure:
            control.create_cache_policy(CachePolicyConfig={"Name": "n", "MinTTL": 0, **changes})
        assert text is None or error_of(failure)[2] == text

    def key(**changes):
        return {"ParametersInCacheKeyAndForwardedToOrigin": {**EMPTY_KEY, **changes}}

    def headers(*names):
        listed = {"Quantity": len(names), "Items": list(names)}
        return key(HeadersConfig={"HeaderBehavior": "whitelist", "Headers": listed})

    refused(
        "InvalidArgument", "The parameter HeaderBehavior is invalid for policy with caching disabled.",
        DefaultTTL=0, MaxTTL=0, **headers("X-A"),
    )
    refused(
        "InvalidArgument", "The parameter Headers contains Accept-Encoding that is not allowed.",
        **headers("Accept-Encoding"),
    )
    refused("TooManyHeadersInCachePolicy", **headers(*(f"X-{n}" for n in range(11))))
    refused(
        "InconsistentQuantities",
        **key(HeadersConfig={"HeaderBehavior": "whitelist", "Headers": {"Quantity": 2, "Items": ["X-A"]}}),
    )
    refused("InvalidArgument", MinTTL=2, DefaultTTL=1)


def test_the_cli_finds_a_managed_policy_by_name(empty_server):
    found = aws(
        empty_server, "list-cache-policies", "--type", "managed", "--query",
        "CachePolicyList.Items[?CachePolicy.CachePolicyConfig.Name=='Managed-CachingDisabled'].CachePolicy.Id",
    )
    assert found == ["4135ea2d-6df8-44a3-9df3-4b5a84be39ad"]
