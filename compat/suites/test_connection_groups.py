"""Connection groups, Anycast lists and resource policies through boto3."""

import datetime
import json
import re

import pytest

from clients import client, error_of, next_millisecond, status_of, unique_name
from entities import (
    FIRST_ETAG, IN_USE, KSUID, NOT_DISABLED, NOT_FOUND, SECOND_ETAG, TAKEN, ZEROTH_ETAG, new_group, new_list, pages,
)


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def test_a_group_is_created_read_back_changed_and_deleted(control):
    created = new_group(control, "shops", Tags={"Items": [{"Key": "team", "Value": "edge"}]})
    group = created["ConnectionGroup"]
    assert (status_of(created), created["ETag"]) == (201, ZEROTH_ETAG)
    assert re.fullmatch(f"cg_{KSUID}", group["Id"])
    assert re.fullmatch(r"d[0-9a-z]{8,13}\.cloudfront\.net", group["RoutingEndpoint"])
    assert group["Arn"].endswith(f":connection-group/{group['Id']}")
    assert group["Tags"]["Items"] == [{"Key": "team", "Value": "edge"}]
    assert (group["Ipv6Enabled"], group["Enabled"], group["IsDefault"]) == (True, True, False)
    assert group["Status"] == "InProgress"
    age = datetime.datetime.now(datetime.timezone.utc) - group["CreatedTime"]
    assert abs(age) < datetime.timedelta(minutes=2)
    for identifier in (group["Id"], group["Arn"], "shops"):
        shown = control.get_connection_group(Identifier=identifier)
        assert (shown["ETag"], shown["ConnectionGroup"]["Id"]) == (ZEROTH_ETAG, group["Id"])
        assert shown["ConnectionGroup"]["Status"] == "Deployed"
    by_endpoint = control.get_connection_group_by_routing_endpoint(RoutingEndpoint=group["RoutingEndpoint"])
    assert by_endpoint["ConnectionGroup"] == shown["ConnectionGroup"]
    assert control.list_tags_for_resource(Resource=group["Arn"])["Tags"] == group["Tags"]

    with pytest.raises(control.exceptions.ResourceNotDisabled) as failure:
        control.delete_connection_group(Id=group["Id"], IfMatch=ZEROTH_ETAG)
    assert error_of(failure) == NOT_DISABLED
    updated = control.update_connection_group(Id=group["Id"], IfMatch=ZEROTH_ETAG, Enabled=False)
    assert (updated["ETag"], updated["ConnectionGroup"]["Enabled"]) == (FIRST_ETAG, False)
    assert updated["ConnectionGroup"]["Ipv6Enabled"] is True
    with pytest.raises(control.exceptions.PreconditionFailed):
        control.delete_connection_group(Id=group["Id"], IfMatch=ZEROTH_ETAG)
    assert status_of(control.delete_connection_group(Id=group["Id"], IfMatch=FIRST_ETAG)) == 204
    for call in (
        lambda: control.get_connection_group(Identifier=group["Id"]),
        lambda: control.get_connection_group_by_routing_endpoint(RoutingEndpoint=group["RoutingEndpoint"]),
        lambda: control.update_connection_group(Id=group["Id"], IfMatch=FIRST_ETAG),
        lambda: control.delete_connection_group(Id=group["Id"], IfMatch=FIRST_ETAG),
    ):
        with pytest.raises(control.exceptions.EntityNotFound) as failure:
            call()
        assert error_of(failure) == NOT_FOUND


def test_names_are_unique_and_lists_are_in_the_order_of_creation(control):
    names = [unique_name("group") for _ in range(3)]
    for name in names:
        new_group(control, name)
        next_millisecond()
    with pytest.raises(control.exceptions.EntityAlreadyExists) as failure:
        new_group(control, names[0])
    assert error_of(failure) == TAKEN
    listed = control.list_connection_groups()
    assert [group["Name"] for group in listed["ConnectionGroups"]] == names
    assert {group["ETag"] for group in listed["ConnectionGroups"]} == {ZEROTH_ETAG}
    assert "NextMarker" not in listed
    assert pages(control.list_connection_groups, "ConnectionGroups") == listed["ConnectionGroups"]


def test_an_anycast_list_is_kept_while_a_group_has_it(control):
    created = new_list(control, "static", Tags={"Items": [{"Key": "team"}]})
    anycast = created["AnycastIpList"]
    assert (status_of(created), created["ETag"], anycast["Status"]) == (202, ZEROTH_ETAG, "Deploying")
    assert re.fullmatch(r"aip_[1-9A-HJ-NP-Za-km-z]{22}", anycast["Id"])
    assert (len(anycast["AnycastIps"]), anycast["IpCount"], anycast["IpAddressType"]) == (3, 3, "ipv4")
    shown = control.get_anycast_ip_list(Id=anycast["Id"])
    assert shown["AnycastIpList"] == {**anycast, "Status": "Deployed"}
    listed = control.list_anycast_ip_lists()["AnycastIpLists"]
    assert (listed["Quantity"], listed["Items"][0]["Id"], listed["MaxItems"]) == (1, anycast["Id"], 100)

    group = new_group(control, AnycastIpListId=anycast["Id"])["ConnectionGroup"]
    new_group(control)
    by_list = control.list_connection_groups(AssociationFilter={"AnycastIpListId": anycast["Id"]})
    assert [found["Id"] for found in by_list["ConnectionGroups"]] == [group["Id"]]
    with pytest.raises(control.exceptions.CannotDeleteEntityWhileInUse) as failure:
        control.delete_anycast_ip_list(Id=anycast["Id"], IfMatch=ZEROTH_ETAG)
    assert error_of(failure) == IN_USE
    control.update_connection_group(Id=group["Id"], IfMatch=ZEROTH_ETAG, AnycastIpListId="")
    updated = control.update_anycast_ip_list(Id=anycast["Id"], IfMatch=ZEROTH_ETAG, IpAddressType="dualstack")
    assert (updated["ETag"], len(updated["AnycastIpList"]["AnycastIps"])) == (FIRST_ETAG, 6)
    assert status_of(control.delete_anycast_ip_list(Id=anycast["Id"], IfMatch=FIRST_ETAG)) == 204
    with pytest.raises(control.exceptions.EntityNotFound) as failure:
        control.get_anycast_ip_list(Id=anycast["Id"])
    assert error_of(failure) == NOT_FOUND


@pytest.mark.parametrize("count", [0, 4, 22])
def test_an_anycast_list_has_3_or_21_addresses(control, count):
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        new_list(control, count=count)
    assert error_of(failure) == ("InvalidArgument", 400, "The parameter IpCount is invalid.")


def test_a_resource_policy_is_kept_to_the_letter(control):
    arn = new_list(control)["AnycastIpList"]["Arn"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": []}, indent=2)
    for call in (control.get_resource_policy, control.delete_resource_policy):
        with pytest.raises(control.exceptions.EntityNotFound) as failure:
            call(ResourceArn=arn)
        assert error_of(failure) == NOT_FOUND
    assert control.put_resource_policy(ResourceArn=arn, PolicyDocument=policy)["ResourceArn"] == arn
    shown = control.get_resource_policy(ResourceArn=arn)
    assert (shown["ResourceArn"], shown["PolicyDocument"]) == (arn, policy)
    with pytest.raises(control.exceptions.InvalidArgument):
        control.put_resource_policy(ResourceArn=arn, PolicyDocument="allow")
    assert status_of(control.delete_resource_policy(ResourceArn=arn)) == 200
    listed = control.list_distributions_by_owned_resource(ResourceArn=arn)["DistributionList"]
    assert (listed["Quantity"], listed["IsTruncated"]) == (0, False)


def test_a_second_update_has_the_third_etag(control):
    group = new_group(control)["ConnectionGroup"]
    control.update_connection_group(Id=group["Id"], IfMatch=ZEROTH_ETAG, Ipv6Enabled=False)
    updated = control.update_connection_group(Id=group["Id"], IfMatch=FIRST_ETAG, Enabled=False)
    assert updated["ETag"] == SECOND_ETAG
    group = updated["ConnectionGroup"]
    assert (group["Ipv6Enabled"], group["Enabled"]) == (False, False)
