"""Key groups through boto3 and the AWS CLI."""

import json
import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from keys import (
    BASE, FIRST_ETAG, NO_IF_MATCH, PRECONDITION, SECOND_ETAG, all_items, aws, new_key_group, new_public_key,
)

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ABSENT = "666e78f3-04f7-4d51-aa3d-d3b6fd1c9a5c"


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


@pytest.fixture
def key(control):
    return new_public_key(control)


def test_a_group_is_created_shown_replaced_and_deleted(control, key):
    other = new_public_key(control)
    config = {"Name": unique_name("group"), "Items": [key, other], "Comment": "a group"}
    created = control.create_key_group(KeyGroupConfig=config)
    group = created["KeyGroup"]
    assert (status_of(created), created["ETag"]) == (201, FIRST_ETAG)
    assert re.fullmatch(UUID, group["Id"])
    assert created["Location"] == f"{BASE}/key-group/{group['Id']}"
    assert group["KeyGroupConfig"] == config
    assert control.get_key_group(Id=group["Id"])["KeyGroup"] == group
    alone = control.get_key_group_config(Id=group["Id"])
    assert (alone["KeyGroupConfig"], alone["ETag"]) == (config, FIRST_ETAG)

    # An update replaces everything, a comment that is left out too.
    replaced = {"Name": unique_name("group"), "Items": [other]}
    updated = control.update_key_group(Id=group["Id"], IfMatch=FIRST_ETAG, KeyGroupConfig=replaced)
    assert (updated["ETag"], updated["KeyGroup"]["KeyGroupConfig"]) == (SECOND_ETAG, replaced)
    assert updated["KeyGroup"]["LastModifiedTime"] >= group["LastModifiedTime"]
    control.delete_public_key(Id=key, IfMatch=FIRST_ETAG)
    with pytest.raises(control.exceptions.PublicKeyInUse):
        control.delete_public_key(Id=other, IfMatch=FIRST_ETAG)
    assert status_of(control.delete_key_group(Id=group["Id"], IfMatch=SECOND_ETAG)) == 204
    control.delete_public_key(Id=other, IfMatch=FIRST_ETAG)


@pytest.mark.parametrize("given", [{}, {"Comment": ""}, {"Comment": "ü" * 128}])
def test_a_comment_reads_back_as_given_and_an_absent_one_stays_absent(control, key, given):
    group = new_key_group(control, [key], **given)
    config = control.get_key_group_config(Id=group)["KeyGroupConfig"]
    assert config.get("Comment") == given.get("Comment")


def test_what_is_no_group_is_an_invalid_argument(control, key):
    group = new_key_group(control, [key])
    good = {"Name": unique_name("group"), "Items": [key]}
    for wrong in [
        {"Items": []}, {"Items": [key, "K0000000000000"]}, {"Name": ""}, {"Name": "n" * 129}, {"Comment": "x" * 129},
    ]:
        with pytest.raises(control.exceptions.InvalidArgument) as failure:
            control.create_key_group(KeyGroupConfig={**good, **wrong})
        assert error_of(failure)[:2] == ("InvalidArgument", 400)
        with pytest.raises(control.exceptions.InvalidArgument):
            control.update_key_group(Id=group, IfMatch=FIRST_ETAG, KeyGroupConfig={**good, **wrong})
    assert control.get_key_group(Id=group)["ETag"] == FIRST_ETAG


def test_a_group_holds_five_keys(control, key):
    keys = [key, *(new_public_key(control) for _ in range(5))]
    group = new_key_group(control, keys[:5])
    for call in [
        lambda: new_key_group(control, keys),
        lambda: control.update_key_group(Id=group, IfMatch=FIRST_ETAG, KeyGroupConfig={"Name": "n", "Items": keys}),
    ]:
        with pytest.raises(control.exceptions.TooManyPublicKeysInKeyGroup) as failure:
            call()
        assert error_of(failure)[:2] == ("TooManyPublicKeysInKeyGroup", 400)


def test_a_name_is_unique(control, key):
    one, two = (new_key_group(control, [key], name=name) for name in ("one", "two"))
    for call in [
        lambda: new_key_group(control, [key], name="one"),
        lambda: control.update_key_group(
            Id=two, IfMatch=FIRST_ETAG, KeyGroupConfig={"Name": "one", "Items": [key]}
        ),
    ]:
        with pytest.raises(control.exceptions.KeyGroupAlreadyExists) as failure:
            call()
        assert error_of(failure) == (
            "KeyGroupAlreadyExists", 409,
            "A key group with this name already exists. You must provide a unique name. To modify an existing key "
            "group, use UpdateKeyGroup.",
        )
    control.update_key_group(Id=one, IfMatch=FIRST_ETAG, KeyGroupConfig={"Name": "three", "Items": [key]})
    new_key_group(control, [key], name="one")


def test_a_change_must_name_the_etag(control, key):
    group = new_key_group(control, [key])
    config = {"Name": "n", "Items": [key]}
    for call in [
        lambda **more: control.update_key_group(Id=group, KeyGroupConfig=config, **more),
        lambda **more: control.delete_key_group(Id=group, **more),
    ]:
        with pytest.raises(control.exceptions.InvalidIfMatchVersion) as failure:
            call()
        assert error_of(failure) == ("InvalidIfMatchVersion", 400, NO_IF_MATCH)
        with pytest.raises(control.exceptions.PreconditionFailed) as failure:
            call(IfMatch=SECOND_ETAG)
        assert error_of(failure) == ("PreconditionFailed", 412, PRECONDITION)


def test_a_group_that_is_not_there_is_not_found_whatever_the_etag(control, key):
    for call in [
        lambda: control.get_key_group(Id=ABSENT),
        lambda: control.get_key_group_config(Id=ABSENT),
        lambda: control.update_key_group(Id=ABSENT, IfMatch="x", KeyGroupConfig={"Name": "n", "Items": [key]}),
        lambda: control.delete_key_group(Id=ABSENT, IfMatch="x"),
        lambda: control.list_distributions_by_key_group(KeyGroupId=ABSENT),
    ]:
        with pytest.raises(control.exceptions.NoSuchResource) as failure:
            call()
        assert error_of(failure) == ("NoSuchResource", 404, "A resource that was specified is not valid.")


def test_an_account_holds_ten_groups_in_the_order_of_their_creation(control, key):
    assert control.list_key_groups()["KeyGroupList"] == {"MaxItems": 100, "Quantity": 0}
    ids = []
    for _ in range(10):
        ids.append(new_key_group(control, [key]))
        next_millisecond()
    with pytest.raises(control.exceptions.TooManyKeyGroups) as failure:
        new_key_group(control, [key])
    assert error_of(failure)[:2] == ("TooManyKeyGroups", 400)
    items = all_items(control.list_key_groups, "KeyGroupList", MaxItems="4")
    assert [item["KeyGroup"]["Id"] for item in items] == ids
    assert items[0]["KeyGroup"] == control.get_key_group(Id=ids[0])["KeyGroup"]
    with pytest.raises(control.exceptions.InvalidArgument):
        control.list_key_groups(Marker=ABSENT)


def test_no_distribution_uses_a_new_group(control, key):
    group = new_key_group(control, [key])
    answer = control.list_distributions_by_key_group(KeyGroupId=group)["DistributionIdList"]
    assert answer == {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": 0}


def test_the_aws_cli_makes_and_deletes_a_group(empty_server, key):
    created = aws(empty_server, "create-key-group", "--key-group-config", json.dumps({"Name": "cli", "Items": [key]}))
    identity = created["KeyGroup"]["Id"]
    assert aws(empty_server, "get-key-group-config", "--id", identity)["KeyGroupConfig"] == {"Name": "cli", "Items": [key]}
    assert len(aws(empty_server, "list-key-groups")["KeyGroupList"]["Items"]) == 1
    assert "PublicKeyInUse" in aws(empty_server, "delete-public-key", "--id", key, "--if-match", FIRST_ETAG, fails=True)
    aws(empty_server, "delete-key-group", "--id", identity, "--if-match", created["ETag"])
    aws(empty_server, "delete-public-key", "--id", key, "--if-match", FIRST_ETAG)
