"""Distributions through boto3: how they change, are listed, tagged, copied and deleted."""

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from distributions import (
    CACHING_DISABLED, CACHING_OPTIMIZED, ETAGS, NOWHERE, SUMMARY, WEB_ACL, acm_certificate, behavior, changed,
    configuration, counted, id_of, new_distribution, read, remove, with_aliases,
)
from keys import BASE, all_items
from server import ACCOUNT


def test_a_distribution_is_updated_disabled_and_deleted(control):
    created = new_distribution(control)
    name = id_of(created)
    held = control.get_distribution_config(Id=name)
    config = changed(
        held["DistributionConfig"], Comment="second", PriceClass="PriceClass_200", Origins__0__OriginPath="/v2"
    )
    next_millisecond()
    updated = control.update_distribution(Id=name, IfMatch=held["ETag"], DistributionConfig=config)
    assert (status_of(updated), updated["ETag"]) == (200, ETAGS[1])
    assert updated["Distribution"]["DistributionConfig"] == config
    assert updated["Distribution"]["Status"] == "InProgress"
    assert updated["Distribution"]["LastModifiedTime"] > created["Distribution"]["LastModifiedTime"]
    assert updated["Distribution"]["DomainName"] == created["Distribution"]["DomainName"]
    assert read(control, name) == {**updated["Distribution"], "Status": "Deployed"}

    # Nothing changed is a new version all the same.
    again = control.update_distribution(Id=name, IfMatch=ETAGS[1], DistributionConfig=config)
    assert (again["ETag"], again["Distribution"]["Status"]) == (ETAGS[2], "InProgress")

    with pytest.raises(control.exceptions.DistributionNotDisabled) as failure:
        control.delete_distribution(Id=name, IfMatch=ETAGS[2])
    not_disabled = "The distribution you are trying to delete has not been disabled."
    assert error_of(failure) == ("DistributionNotDisabled", 409, not_disabled)
    off = control.update_distribution(Id=name, IfMatch=ETAGS[2], DistributionConfig={**config, "Enabled": False})
    assert off["ETag"] == ETAGS[3]
    assert status_of(control.delete_distribution(Id=name, IfMatch=ETAGS[3])) == 204
    with pytest.raises(control.exceptions.NoSuchDistribution) as failure:
        control.get_distribution(Id=name)
    assert error_of(failure) == ("NoSuchDistribution", 404, "The specified distribution does not exist.")
    # The caller reference is free again.
    assert control.create_distribution(DistributionConfig={**configuration(), **config})["ETag"] == ETAGS[0]


def test_the_waiters_see_a_distribution_deployed_and_an_invalidation_completed(control):
    name = id_of(new_distribution(control))
    once = {"Delay": 0, "MaxAttempts": 1}
    control.get_waiter("distribution_deployed").wait(Id=name, WaiterConfig=once)
    batch = {"Paths": counted("/*"), "CallerReference": unique_name("batch")}
    invalidation = control.create_invalidation(DistributionId=name, InvalidationBatch=batch)["Invalidation"]
    control.get_waiter("invalidation_completed").wait(
        DistributionId=name, Id=invalidation["Id"], WaiterConfig=once
    )


def test_lists_have_pages_and_the_rows_that_match(empty_server):
    control = client(empty_server, "cloudfront")
    assert control.list_distributions()["DistributionList"] == {
        "Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": 0,
    }
    created = []
    for number in range(5):
        next_millisecond()
        policy = CACHING_DISABLED if number % 2 else CACHING_OPTIMIZED
        created.append(new_distribution(
            control, DefaultCacheBehavior=behavior(CachePolicyId=policy), WebACLId=WEB_ACL if number == 3 else ""
        ))
    names = [id_of(answer) for answer in created]
    first = control.list_distributions(MaxItems="2")["DistributionList"]
    assert (first["Quantity"], first["MaxItems"], first["IsTruncated"]) == (2, 2, True)
    assert first["NextMarker"] == first["Items"][-1]["Id"]
    rows = all_items(control.list_distributions, "DistributionList", MaxItems="2")
    assert [row["Id"] for row in rows] == names
    assert rows[0].keys() == SUMMARY
    assert (rows[0]["HttpVersion"], rows[0]["ConnectionMode"], rows[0]["ETag"]) == ("HTTP2", "direct", ETAGS[0])
    pages = control.get_paginator("list_distributions").paginate(PaginationConfig={"PageSize": 3})
    assert [row["Id"] for page in pages for row in page["DistributionList"]["Items"]] == names

    def by_policy(policy, **paging):
        return control.list_distributions_by_cache_policy_id(CachePolicyId=policy, **paging)["DistributionIdList"]

    assert set(by_policy(CACHING_OPTIMIZED)["Items"]) == set(names[::2])
    assert set(by_policy(CACHING_DISABLED)["Items"]) == set(names[1::2])
    page = by_policy(CACHING_OPTIMIZED, MaxItems="2")
    last = by_policy(CACHING_OPTIMIZED, MaxItems="2", Marker=page["NextMarker"])
    assert set(page["Items"] + last["Items"]) == set(names[::2])
    with pytest.raises(control.exceptions.NoSuchCachePolicy):
        by_policy(NOWHERE)

    def by_acl(acl):
        answer = control.list_distributions_by_web_acl_id(WebACLId=acl)
        return [row["Id"] for row in answer["DistributionList"].get("Items", [])]

    assert by_acl(WEB_ACL) == [names[3]]
    assert by_acl("null") == [*names[:3], names[4]]
    by_mode = control.list_distributions_by_connection_mode(ConnectionMode="direct")
    assert [row["Id"] for row in by_mode["DistributionList"]["Items"]] == names
    with pytest.raises(control.exceptions.InvalidArgument):
        control.list_distributions(Marker="E1UNKNOWN")


def test_a_distribution_can_have_tags_from_the_beginning(control):
    tags = {"Items": [{"Key": "team", "Value": "web"}, {"Key": "empty", "Value": ""}]}
    document = {"DistributionConfig": configuration(), "Tags": tags}
    created = control.create_distribution_with_tags(DistributionConfigWithTags=document)
    assert (status_of(created), created["ETag"]) == (201, ETAGS[0])
    assert "Tags" not in created["Distribution"]
    arn = created["Distribution"]["ARN"]

    def tags_of(arn):
        return {tag["Key"]: tag["Value"] for tag in control.list_tags_for_resource(Resource=arn)["Tags"]["Items"]}

    assert tags_of(arn) == {"team": "web", "empty": ""}
    control.tag_resource(Resource=arn, Tags={"Items": [{"Key": "team", "Value": "ops"}]})
    control.untag_resource(Resource=arn, TagKeys={"Items": ["empty"]})
    assert tags_of(arn) == {"team": "ops"}
    # Tags do not change the version.
    assert control.get_distribution(Id=id_of(created))["ETag"] == ETAGS[0]
    # No tags at all are normal.
    document = {"DistributionConfig": configuration(), "Tags": {"Items": []}}
    untagged = control.create_distribution_with_tags(DistributionConfigWithTags=document)
    assert tags_of(untagged["Distribution"]["ARN"]) == {}
    remove(control, id_of(created))
    with pytest.raises(control.exceptions.NoSuchResource):
        control.list_tags_for_resource(Resource=arn)


def test_a_web_acl_is_associated_and_disassociated(control):
    name = id_of(new_distribution(control))
    associated = control.associate_distribution_web_acl(Id=name, WebACLArn=WEB_ACL, IfMatch=ETAGS[0])
    assert (associated["Id"], associated["WebACLArn"], associated["ETag"]) == (name, WEB_ACL, ETAGS[1])
    assert read(control, name)["DistributionConfig"]["WebACLId"] == WEB_ACL
    freed = control.disassociate_distribution_web_acl(Id=name, IfMatch=ETAGS[1])
    assert (freed["Id"], freed["ETag"]) == (name, ETAGS[2])
    assert read(control, name)["DistributionConfig"]["WebACLId"] == ""


def test_a_copy_is_a_staging_distribution(control):
    primary = new_distribution(control, Comment="primary", **with_aliases("primary.copy.example"))
    reference = unique_name("copy")
    copy = control.copy_distribution(
        PrimaryDistributionId=id_of(primary), Staging=True, IfMatch=primary["ETag"], CallerReference=reference
    )
    assert (status_of(copy), copy["ETag"]) == (201, ETAGS[0])
    assert copy["Location"] == f"{BASE}/distribution/{id_of(copy)}"
    assert copy["Distribution"]["DomainName"] != primary["Distribution"]["DomainName"]
    config = copy["Distribution"]["DistributionConfig"]
    assert config == {
        **primary["Distribution"]["DistributionConfig"],
        "CallerReference": reference, "Staging": True, "Aliases": {"Quantity": 0},
    }
    disabled = control.copy_distribution(
        PrimaryDistributionId=id_of(primary), Staging=True, IfMatch=primary["ETag"], Enabled=False,
        CallerReference=unique_name("copy"),
    )
    assert disabled["Distribution"]["DistributionConfig"]["Enabled"] is False
    staging = control.list_distributions()["DistributionList"]["Items"]
    assert {row["Id"] for row in staging if row["Staging"]} >= {id_of(copy), id_of(disabled)}


def test_an_alias_moves_and_conflicts_are_found(control):
    name = "www.moved.example"
    source = new_distribution(control, **with_aliases(name))
    target = new_distribution(control, ViewerCertificate=acm_certificate())
    found = control.list_conflicting_aliases(DistributionId=id_of(target), Alias=name)["ConflictingAliasesList"]
    identity = id_of(source)
    hidden = len(identity) // 2
    assert found == {
        "MaxItems": 100, "Quantity": 1,
        "Items": [{
            "Alias": name, "DistributionId": "*" * hidden + identity[hidden:], "AccountId": "*" * 6 + ACCOUNT[6:],
        }],
    }
    # Names that a wildcard covers are found by the wildcard.
    found = control.list_conflicting_aliases(DistributionId=id_of(target), Alias="*.moved.example")
    assert [item["Alias"] for item in found["ConflictingAliasesList"]["Items"]] == [name]
    answer = control.associate_alias(TargetDistributionId=id_of(target), Alias=name)
    assert status_of(answer) == 200
    assert read(control, identity)["DistributionConfig"]["Aliases"] == {"Quantity": 0}
    assert "AliasICPRecordals" not in read(control, identity)
    assert read(control, id_of(target))["DistributionConfig"]["Aliases"] == counted(name)
    # A name is free at once when its distribution is gone; a wildcard beside it is allowed.
    new_distribution(control, **with_aliases("*.moved.example"))
    remove(control, id_of(target))
    new_distribution(control, **with_aliases(name))
